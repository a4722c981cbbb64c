import { BlockList, isIP } from 'node:net';

/** What is no address of the internet. Source: the IANA registries of special-purpose addresses. */
const special4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // the metadata of most clouds too
  ['168.63.129.16', 32], // that of Azure
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of those of IPv6 that are routed at all: 2000::/3. */
const special6 = [
  ['2001::', 23], // Teredo, which holds an address of IPv4, among them
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4, the same
  ['3fff::', 20],
] as const;

const special = new BlockList();
for (const [address, bits] of special4) special.addSubnet(address, bits, 'ipv4');
for (const [address, bits] of special6) special.addSubnet(address, bits, 'ipv6');

const routed6 = new BlockList();
routed6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address is one of the public internet: no private one, loopback, link-local or metadata service. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !special.check(address, 'ipv4');
  return isIP(address) === 6 && routed6.check(address, 'ipv6') && !special.check(address, 'ipv6');
}
