/** Where things are on a region's server. One site a server: the names have no site in them. */
export const folder = '/etc/dns-failover-replication'
export const programs = '/usr/local/lib/dns-failover-replication'
/** Also the home of the account. */
export const stateFolder = '/var/lib/dns-failover-replication'
export const logFolder = '/var/log/dns-failover-replication'
export const runFolder = '/run/dns-failover-replication'
export const unitFolder = '/etc/systemd/system'

export const sshConfigFile = `${folder}/ssh_config`
export const knownHostsFile = `${folder}/known_hosts`
export const keyFile = `${folder}/id_ed25519`
export const authorizedKeysFile = `${folder}/authorized_keys`
/** One `REGION.pub` a peer, for the installation. */
export const peersFolder = `${folder}/peers`
export const lsyncdConfFile = `${folder}/lsyncd.conf`
export const pullFile = `${programs}/pull`
export const heartbeatFile = `${programs}/heartbeat`
export const sendFile = `${programs}/send`
export const receiveFile = `${programs}/receive`

export const pullUnit = 'dns-failover-replication-pull.service'
export const sendUnit = 'dns-failover-replication.service'
export const heartbeatUnit = 'dns-failover-replication-heartbeat.service'

export const apacheFile = '/etc/apache2/conf-available/dns-failover-replication.conf'
export const nginxFile = '/etc/nginx/snippets/dns-failover-replication.conf'
export const logrotateFile = '/etc/logrotate.d/dns-failover-replication'
export const sshdFile = '/etc/ssh/sshd_config.d/50-dns-failover-replication.conf'

/** What a server needs of Debian. rsync only suggests Python, in which rrsync is written, and lsyncd says nothing of who keeps its log small. */
export const packagesOf = ({ isWriter }: { readonly isWriter: boolean }): string => `${isWriter ? 'lsyncd logrotate ' : ''}rsync python3 openssh-server`

/** In the document root. Without it nothing is sent or taken: an empty directory where a disk should be mounted has none. */
export const markerName = '.dns-failover-root'
/**
 * In the document root, for rrsync lets a peer put its temporary files nowhere else. Never sent, never served; on the same
 * file system, so that a file is there at once and whole.
 */
export const temporaryName = '.dns-failover-temp'

/** In the folder of the heartbeats: what tells lsyncd of one, by its number, so that it comes after all that happened before. */
export const tickName = 'tick.'
/** Below the state folder: the heartbeats as they were at each tick, by its number. */
export const ticksName = 'ticks'
/** Below the state folder, by peer: in which start of this machine all that it has was taken over. */
export const takenName = 'taken'
/** In the state folder: locked while something is being taken. */
export const takingName = 'taking'
/** In the state folder of a single writer: the number of its writership, one more than any that it knew of when it became the writer. */
export const termName = 'term'
/** In the folder: which part the server had at the last installation. */
export const roleFile = `${folder}/role`
/** What `receive` answers to a heartbeat. */
export const exitIncomplete = 75
export const exitTaking = 76
