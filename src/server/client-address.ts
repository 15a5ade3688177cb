import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Network } from '../kernel/config.ts';
import type { Client } from '../operation/define-operation.ts';

/** Whose word about the client's address counts. */
export interface ProxyLaw {
  readonly trustedProxies: BlockList;
}

/** The list of the proxies that `TRUSTED_PROXIES` names. */
export function trustedProxies(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

/**
 * The address of the client: who is connected to us or, when that is a trusted proxy, the right-most address in
 * `X-Forwarded-For` that is not one. What stands left of it, or of something that is no address, could be invented.
 * IPv4 is written as such; `unknown` is who has gone already.
 */
export function clientAddress({ trustedProxies: trusted }: ProxyLaw, request: IncomingMessage): string {
  let address = plainAddress(request.socket.remoteAddress ?? '');
  if (address === null) return 'unknown';
  const hops = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
  while (isTrusted(trusted, address) && hops.length > 0) {
    const hop = plainAddress(hops.pop()!.trim());
    if (hop === null) break;
    address = hop;
  }
  return address;
}

/** From where a request came, for the operations it runs. */
export function clientOf(law: ProxyLaw, request: IncomingMessage): Client {
  return { address: clientAddress(law, request), device: request.headers['user-agent'] ?? null };
}

function isTrusted(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/** The address without a port, brackets, zone, or the mapping of IPv4 into IPv6; null when it is none. */
function plainAddress(text: string): string | null {
  const address = text
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? null : address.toLowerCase();
}
