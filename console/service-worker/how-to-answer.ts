/** Where the answer to a request comes from. */
export type Source = 'network' | 'network-else-kept' | 'kept-else-network';

type Asked = { method: string; url: string; mode: string; hasAuthorization: boolean };

/** The page itself, under both of its addresses; what stands behind the `?` is what an issuer sent somebody back with. */
const PAGE = ['/', '/index.html'];

/**
 * Files of the console may come from what is kept; nothing that is asked in somebody's name, or that another part of the
 * bridge answers, ever does. The page is asked for first, so that another build is seen at once.
 */
export function howToAnswer({ method, url, mode, hasAuthorization }: Asked, origin: string, files: readonly string[]): Source {
  const { origin: asked, pathname } = new URL(url);
  if (method !== 'GET' || hasAuthorization || asked !== origin) return 'network';
  if (PAGE.includes(pathname)) return mode === 'navigate' ? 'network-else-kept' : 'network';
  if (mode === 'navigate') return 'network';
  // Built files have names of their own for each content; one of another build may be kept still, for a page that is open.
  return pathname.startsWith('/assets/') || files.includes(pathname) ? 'kept-else-network' : 'network';
}
