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

export const tenantId = (value: string): TenantId => value as TenantId;
export const campaignId = (value: string): CampaignId => value as CampaignId;
export const contactId = (value: string): ContactId => value as ContactId;
export const callId = (value: string): CallId => value as CallId;
export const agentId = (value: string): AgentId => value as AgentId;
export const bridgeId = (value: string): BridgeId => value as BridgeId;
export const playbackId = (value: string): PlaybackId => value as PlaybackId;
export const trunkName = (value: string): TrunkName => value as TrunkName;
export const phoneName = (value: string): PhoneName => value as PhoneName;
export const soundName = (value: string): SoundName => value as SoundName;
