/**
 * Identifiers. Each is a string of its own kind, so that a contact can never
 * be passed where a call is meant. We mint them ourselves wherever we can: the
 * CallId of an outbound call *is* the switch's channel id, so no first event
 * is ever lost.
 */

type Id<Kind extends string> = string & { readonly __id: Kind };

/** One call centre; every row of the store belongs to one. */
export type TenantId = Id<'Tenant'>;
/** A campaign of a tenant. */
export type CampaignId = Id<'Campaign'>;
/** A person on a list. */
export type ContactId = Id<'Contact'>;
/** One leg's life on the switch: ARI channel id, FreeSWITCH origination_uuid. */
export type CallId = Id<'Call'>;
/** A person who talks to contacts. */
export type AgentId = Id<'Agent'>;
/** A mixing bridge on the switch. */
export type BridgeId = Id<'Bridge'>;
/** One playing of one or more sounds. */
export type PlaybackId = Id<'Playback'>;
/** A trunk by its name in the configuration. */
export type TrunkName = Id<'Trunk'>;
/** A phone by its endpoint name on the switch, e.g. `1001`. */
export type PhoneName = Id<'Phone'>;
/** A sound by its name in the switch's sound folder, without extension. */
export type SoundName = Id<'Sound'>;

/** Marks a text as a tenant's id; nothing is checked, here and below. */
export const tenantId = (value: string): TenantId => value as TenantId;
/** Marks a text as a campaign's id, e.g. one read from the store. */
export const campaignId = (value: string): CampaignId => value as CampaignId;
/** Marks a text as a contact's id: the store gives them out, the same in every run. */
export const contactId = (value: string): ContactId => value as ContactId;
/** Marks a text as a call's id: minted by the dialer, or by the switch where a phone calls. */
export const callId = (value: string): CallId => value as CallId;
/** Marks a text as an agent's id, as the configuration or the API names it. */
export const agentId = (value: string): AgentId => value as AgentId;
/** Marks a text as a bridge's id; ours are named for the agent who sits in them. */
export const bridgeId = (value: string): BridgeId => value as BridgeId;
/** Marks a text as the id of one playing, minted by the dialer. */
export const playbackId = (value: string): PlaybackId => value as PlaybackId;
/** Marks a text as a trunk's name. */
export const trunkName = (value: string): TrunkName => value as TrunkName;
/** Marks a text as a phone's endpoint name, without a technology before it. */
export const phoneName = (value: string): PhoneName => value as PhoneName;
/** Marks a text as a sound's name, without folder of a language and extension. */
export const soundName = (value: string): SoundName => value as SoundName;
