import type { AsteriskConfigSection, FreeswitchConfigSection, OutdialConfig } from '../../config/outdial-config.js';

/** A whole configuration whose switch is an Asterisk. */
export type AsteriskSite = OutdialConfig & { readonly switch: AsteriskConfigSection };

/** A whole configuration whose switch is a FreeSWITCH. */
export type FreeswitchSite = OutdialConfig & { readonly switch: FreeswitchConfigSection };
