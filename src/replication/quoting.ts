/** One word of a POSIX shell's command. */
export const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** A Lua string. */
export const luaQuoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`

/** One word of a unit file: `%` begins a specifier there, and a backslash an escape. */
export const unitQuoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`).replaceAll('%', '%%')}"`

/** Plain text of a unit file, such as a description. */
export const unitText = (text: string): string => text.replaceAll('%', '%%')

/** The value of an option in authorized_keys: sshd knows only `\"` there, a backslash alone stands for itself. */
export const keyOptionQuoted = (text: string): string => `"${text.replaceAll('"', String.raw`\"`)}"`
