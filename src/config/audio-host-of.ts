/**
 * The address of a FreeSWITCH on which it takes call audio: its own key, or
 * else where its event socket is. In digits unless that is a name.
 */
export function audioHostOf({ audioHost, esl }: { readonly audioHost?: string | undefined; readonly esl: { readonly host: string } }): string {
  const host = audioHost ?? esl.host;
  return host === 'localhost' ? '127.0.0.1' : host;
}
