import { BlockList, isIP, type IPVersion } from 'node:net';

/** Not for the public internet (RFC 6890 and its successors): nobody's webhooks are received there. */
const RESERVED_V4: readonly (readonly [net: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
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
];
/** Inside the global unicast range and still not public: protocol assignments, documentation, 6to4. */
const RESERVED_V6: readonly (readonly [net: string, prefix: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const reserved = blockList('ipv4', RESERVED_V4);
for (const [net, prefix] of RESERVED_V6) reserved.addSubnet(net, prefix, 'ipv6');
const globalUnicast = blockList('ipv6', [['2000::', 3]]);
const loopback = blockList('ipv4', [['127.0.0.0', 8]]);
loopback.addAddress('::1', 'ipv6');

/** True for an address that anybody on the internet could be reached at; false for every other text. */
export function isPublicAddress(address: string): boolean {
  const family = familyOf(address);
  if (family === undefined || reserved.check(address, family)) return false;
  return family === 'ipv4' || globalUnicast.check(address, family);
}

export function isLoopbackAddress(address: string): boolean {
  const family = familyOf(address);
  return family !== undefined && loopback.check(address, family);
}

function familyOf(address: string): IPVersion | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}

function blockList(family: IPVersion, nets: readonly (readonly [net: string, prefix: number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family);
  return list;
}
