import { randomBytes } from 'node:crypto'
import { ttl } from './config.mjs'
import { ask, onMachine } from './machine.mjs'
import { machines, regions, serviceName, site, zone } from './places.mjs'
import { until } from './run.mjs'

export const newTsigSecret = () => randomBytes(32).toString('base64')

const zoneText = () => `$TTL ${ttl}
@ IN SOA ns1 hostmaster 1 3600 600 86400 ${ttl}
@ IN NS ns1
ns1 IN A ${machines.dns.address}
${regions.map((region) => `${serviceName(region)}. IN A ${machines[region].address}`).join('\n')}
${regions.map((region) => `${site}. IN A ${machines[region].address}`).join('\n')}
`

const write = (name, file, text, mode = '644') => onMachine(name, ['/bin/sh', '-c', 'mkdir -p "${1%/*}" && cat >"$1" && chmod "$2" "$1"', 'sh', file, mode], { input: text })
export const writeFileOn = write

/** The zone's authoritative server: BIND as Debian has it, with one zone that takes updates signed with the manager's key. */
export const installDns = async (tsigSecret) => {
  await write('dns', '/etc/bind/named.conf.options', `options {
  directory "/var/cache/bind";
  listen-on { any; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  allow-transfer { none; };
};
`)
  await write('dns', '/etc/bind/named.conf.local', `key "manager" { algorithm hmac-sha256; secret "${tsigSecret}"; };
zone "${zone}" {
  type primary;
  file "/var/lib/bind/${zone}.db";
  update-policy { grant manager. zonesub ANY; };
};
`)
  await write('dns', '/etc/bind/named.conf', 'include "/etc/bind/named.conf.options";\ninclude "/etc/bind/named.conf.local";\n')
  await write('dns', `/var/lib/bind/${zone}.db`, zoneText())
  await onMachine('dns', ['chown', 'bind:bind', `/var/lib/bind/${zone}.db`])
  await write('dns', '/etc/default/named', 'OPTIONS="-u bind -n 1"\n')
  await ask('dns', { verb: 'enable', unit: 'named' })
}

/** A caching resolver as a provider's: Unbound, which finds the zone at its server. */
export const installResolver = async () => {
  await write('resolver', '/etc/unbound/unbound.conf', `server:
  interface: 0.0.0.0
  access-control: 0.0.0.0/0 allow
  do-ip6: no
  num-threads: 1
  module-config: "iterator"
  local-zone: "test." nodefault
  do-not-query-localhost: no
  # Of a server that was silent, as little as can be remembered: one client here stands for many.
  infra-host-ttl: 1
stub-zone:
  name: "${zone}."
  stub-addr: ${machines.dns.address}
remote-control:
  control-enable: yes
  control-interface: /run/unbound.ctl
`)
  await ask('resolver', { verb: 'enable', unit: 'unbound' })
}

export const useResolver = (name) => write(name, '/etc/resolv.conf', `nameserver ${machines.resolver.address}\noptions timeout:3 attempts:3\n`)

const askServer = async (from, server, name) => {
  const text = await onMachine(from, ['dig', '+short', '+tries=1', '+time=1', `@${server}`, name, 'A']).catch(() => ';; no answer')
  return text.includes(';;') ? undefined : text.split('\n').filter((line) => line !== '').toSorted()
}

/** The A values as the zone's own server gives them; undefined without an answer. */
export const authoritative = (name = site) => askServer('dns', machines.dns.address, name)
/** As the visitors' resolver gives them. */
export const resolved = (name = site) => askServer('client', machines.resolver.address, name)

export const untilResolved = () => until('an answer of the resolver', async () => ((await resolved())?.length === regions.length ? true : undefined))
