import type { QiRequest } from './qi-message';

/**
 * A call on a route as the settings name it, with its keys filled in: `POST debt/{credit_operation_key}/cancel_permanently`.
 * @returns undefined when the route names something by a key that is not given
 */
export function callOn(
  route: string,
  keys: Readonly<Record<string, string | null>>,
): Pick<QiRequest, 'method' | 'path'> | undefined {
  const [method, template = ''] = route.split(' ');
  const path = template.split('/').map((segment) => {
    const key = /^\{(\w+)\}$/.exec(segment)?.[1];
    return key === undefined ? segment : (keys[key] ?? null);
  });
  if (!path.every((segment) => segment !== null)) return undefined;
  return { method: method as QiRequest['method'], path };
}
