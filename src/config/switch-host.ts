/** As much of a `switch` section as says where the switch runs. */
type SwitchPlace =
  | { readonly kind: 'asterisk'; readonly ari: { readonly url: string } }
  | { readonly kind: 'freeswitch'; readonly esl: { readonly host: string } };

/** The host that the switch runs on, as this machine reaches it. */
export function switchHost(section: SwitchPlace): string {
  return section.kind === 'asterisk' ? new URL(section.ari.url).hostname : section.esl.host;
}
