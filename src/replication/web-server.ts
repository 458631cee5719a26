import { apacheFile, logrotateFile, logFolder, markerName, nginxFile, temporaryName } from './place.ts'
import type { RenderedFile } from './rendered-file.ts'
import { heading, type Server } from './server.ts'

/** By URL, not by directory: it holds for every virtual host, and knows nothing of where the document root is. */
export const apacheConf = (server: Server): RenderedFile => ({
  path: apacheFile,
  mode: 0o644,
  about: 'for Apache: serves the heartbeats uncached',
  text: `${heading(server, 'Apache: serves the heartbeats uncached, and hides what else the replication has in the document root. Needs mod_headers.', apacheFile)}
<Location "${server.replication.heartbeat.path}/">
    Require all granted
    ForceType application/json
    FileETag None
    Header unset ETag
    Header unset Last-Modified
    Header set Cache-Control "no-store"
</Location>
<Location "/${temporaryName}">
    Require all denied
</Location>
<Location "/${markerName}">
    Require all denied
</Location>
`,
})

export const nginxConf = (server: Server): RenderedFile => ({
  path: nginxFile,
  mode: 0o644,
  about: "for nginx: serves the heartbeats uncached; include it in the site's server blocks",
  text: `${heading(server, `nginx: serves the heartbeats uncached. Put "include snippets/dns-failover-replication.conf;" into each of the site's server blocks.`, nginxFile)}
location ^~ ${server.replication.heartbeat.path}/ {
    types { }
    default_type application/json;
    add_header Cache-Control "no-store" always;
    etag off;
    if_modified_since off;
    try_files $uri =404;
}
location ^~ /${temporaryName} { return 404; }
location = /${markerName} { return 404; }
`,
})

export const logrotateConf = (server: Server): RenderedFile => ({
  path: logrotateFile,
  mode: 0o644,
  about: "keeps lsyncd's log small",
  text: `${heading(server, "logrotate: keeps lsyncd's log small. lsyncd opens it anew for each line.", logrotateFile)}
${logFolder}/lsyncd.log {
    su ${server.replication.user} ${server.replication.user}
    daily
    rotate 4
    maxsize 20M
    missingok
    notifempty
    compress
}
`,
})
