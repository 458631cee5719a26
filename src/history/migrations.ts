import { type Sql, numberIn } from './sql.ts'
import { NewerSchemaError } from './sql-trouble.ts'

const checks = (step: string): string => `
  CREATE TABLE checks_${step} (
    site TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL, region TEXT NOT NULL, sums TEXT NOT NULL,
    PRIMARY KEY (site, address, at)
  ) WITHOUT ROWID;
  CREATE INDEX checks_${step}_at ON checks_${step} (at);`

/** Of an address; with an empty address of a region, with an empty region of the site. */
const watched = (step: string): string => `
  CREATE TABLE watched_${step} (
    site TEXT NOT NULL, region TEXT NOT NULL, address TEXT NOT NULL, at INTEGER NOT NULL,
    up_ms INTEGER NOT NULL, down_ms INTEGER NOT NULL, unknown_ms INTEGER NOT NULL, published_ms INTEGER NOT NULL, degraded_ms INTEGER NOT NULL,
    PRIMARY KEY (site, region, address, at)
  ) WITHOUT ROWID;
  CREATE INDEX watched_${step}_at ON watched_${step} (at);`

/** Each takes the file from the version that is its index to the next. Only ever added to. Times are milliseconds since the epoch. */
export const migrations: readonly string[] = [
  `CREATE TABLE events (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, site TEXT, region TEXT, address TEXT,
    kind TEXT NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, data TEXT NOT NULL
  );
  CREATE INDEX events_site ON events (site, id);
  CREATE INDEX events_kind ON events (kind, id);
  CREATE INDEX events_at ON events (at);
  ${checks('minutes')} ${checks('hours')} ${watched('minutes')} ${watched('hours')}
  CREATE TABLE batch (run TEXT NOT NULL, seq INTEGER NOT NULL);`,
]

const versionOf = (sql: Sql): number => numberIn(sql.all('PRAGMA user_version')[0], 'user_version')

/** A newer file is left as it is. */
export const refuseNewer = (sql: Sql): void => {
  const found = versionOf(sql)
  if (found > migrations.length) throw new NewerSchemaError(found, migrations.length)
}

/** Brings a file up to this program's version. */
export const migrate = (sql: Sql): void => {
  if (versionOf(sql) === migrations.length) return
  sql.within(() => {
    for (const each of migrations.slice(versionOf(sql))) sql.exec(each)
    sql.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}
