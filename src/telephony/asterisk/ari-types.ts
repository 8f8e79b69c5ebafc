/**
 * Written by generate-ari-types.mjs from the API description of Asterisk
 * 10.0.0 (ARI version); run it again instead of editing.
 */

/** What every event carries. */
interface AriEventBase {
  readonly application: string;
  readonly timestamp: string;
}

export interface Application {
  readonly name: string;
  readonly channel_ids: readonly string[];
  readonly bridge_ids: readonly string[];
  readonly endpoint_ids: readonly string[];
  readonly device_names: readonly string[];
  readonly events_allowed: readonly Readonly<Record<string, unknown>>[];
  readonly events_disallowed: readonly Readonly<Record<string, unknown>>[];
}

export interface Bridge {
  readonly id: string;
  readonly technology: string;
  readonly bridge_type: string;
  readonly bridge_class: string;
  readonly creator: string;
  readonly name: string;
  readonly channels: readonly string[];
  readonly video_mode?: string;
  readonly video_source_id?: string;
  readonly creationtime: string;
  readonly bridgevars?: Readonly<Record<string, unknown>>;
}

export interface Channel {
  readonly id: string;
  readonly protocol_id?: string;
  readonly name: string;
  readonly state: string;
  readonly caller: CallerID;
  readonly connected: CallerID;
  readonly accountcode: string;
  readonly dialplan: DialplanCEP;
  readonly creationtime: string;
  readonly language: string;
  readonly channelvars?: Readonly<Record<string, unknown>>;
  readonly caller_rdnis?: string;
  readonly tenantid?: string;
}

export interface Playback {
  readonly id: string;
  readonly media_uri: string;
  readonly next_media_uri?: string;
  readonly target_uri: string;
  readonly language?: string;
  readonly state: string;
}

export interface Endpoint {
  readonly technology: string;
  readonly resource: string;
  readonly state?: string;
  readonly channel_ids: readonly string[];
}

export interface CallerID {
  readonly name: string;
  readonly number: string;
}

export interface DialplanCEP {
  readonly context: string;
  readonly exten: string;
  readonly priority: number;
  readonly app_name?: string;
  readonly app_data?: string;
}

export interface ApplicationReplaced extends AriEventBase {
  readonly type: 'ApplicationReplaced';
}

export interface ChannelDestroyed extends AriEventBase {
  readonly type: 'ChannelDestroyed';
  readonly cause: number;
  readonly cause_txt: string;
  readonly tech_cause?: number;
  readonly channel: Channel;
}

export interface ChannelDtmfReceived extends AriEventBase {
  readonly type: 'ChannelDtmfReceived';
  readonly digit: string;
  readonly duration_ms: number;
  readonly channel: Channel;
}

export interface ChannelEnteredBridge extends AriEventBase {
  readonly type: 'ChannelEnteredBridge';
  readonly bridge: Bridge;
  readonly channel?: Channel;
}

export interface ChannelHangupRequest extends AriEventBase {
  readonly type: 'ChannelHangupRequest';
  readonly cause?: number;
  readonly tech_cause?: number;
  readonly soft?: boolean;
  readonly channel: Channel;
}

export interface ChannelLeftBridge extends AriEventBase {
  readonly type: 'ChannelLeftBridge';
  readonly bridge: Bridge;
  readonly channel: Channel;
}

export interface ChannelStateChange extends AriEventBase {
  readonly type: 'ChannelStateChange';
  readonly channel: Channel;
}

export interface Dial extends AriEventBase {
  readonly type: 'Dial';
  readonly caller?: Channel;
  readonly peer: Channel;
  readonly forward?: string;
  readonly forwarded?: Channel;
  readonly dialstring?: string;
  readonly dialstatus: string;
}

export interface PlaybackFinished extends AriEventBase {
  readonly type: 'PlaybackFinished';
  readonly playback: Playback;
}

export interface StasisEnd extends AriEventBase {
  readonly type: 'StasisEnd';
  readonly channel: Channel;
}

export interface StasisStart extends AriEventBase {
  readonly type: 'StasisStart';
  readonly args: readonly string[];
  readonly channel: Channel;
  readonly replace_channel?: Channel;
}

/** The events that the driver understands. */
export type AriEvent =
  | ApplicationReplaced
  | ChannelDestroyed
  | ChannelDtmfReceived
  | ChannelEnteredBridge
  | ChannelHangupRequest
  | ChannelLeftBridge
  | ChannelStateChange
  | Dial
  | PlaybackFinished
  | StasisEnd
  | StasisStart;

/** Names of the events above, for the application's event filter. */
export const ARI_EVENT_TYPES = [
  'ApplicationReplaced',
  'ChannelDestroyed',
  'ChannelDtmfReceived',
  'ChannelEnteredBridge',
  'ChannelHangupRequest',
  'ChannelLeftBridge',
  'ChannelStateChange',
  'Dial',
  'PlaybackFinished',
  'StasisEnd',
  'StasisStart',
] as const satisfies readonly AriEvent['type'][];

/** Parameters and answer of each operation that the driver asks for. */
export interface AriOperations {
  'applications.get': {
    readonly parameters: {
      readonly applicationName: string;
    };
    readonly response: Application;
  };
  'applications.filter': {
    readonly parameters: {
      readonly applicationName: string;
      readonly filter?: Readonly<Record<string, unknown>>;
    };
    readonly response: Application;
  };
  'applications.subscribe': {
    readonly parameters: {
      readonly applicationName: string;
      readonly eventSource: string;
    };
    readonly response: Application;
  };
  'bridges.list': {
    readonly parameters: {
    };
    readonly response: readonly Bridge[];
  };
  'bridges.get': {
    readonly parameters: {
      readonly bridgeId: string;
    };
    readonly response: Bridge;
  };
  'bridges.createWithId': {
    readonly parameters: {
      readonly type?: string;
      readonly bridgeId: string;
      readonly name?: string;
      readonly variables?: Readonly<Record<string, unknown>>;
    };
    readonly response: Bridge;
  };
  'bridges.destroy': {
    readonly parameters: {
      readonly bridgeId: string;
    };
    readonly response: undefined;
  };
  'bridges.addChannel': {
    readonly parameters: {
      readonly bridgeId: string;
      readonly channel: string;
      readonly role?: string;
      readonly absorbDTMF?: boolean;
      readonly mute?: boolean;
      readonly inhibitConnectedLineUpdates?: boolean;
    };
    readonly response: undefined;
  };
  'bridges.removeChannel': {
    readonly parameters: {
      readonly bridgeId: string;
      readonly channel: string;
    };
    readonly response: undefined;
  };
  'channels.list': {
    readonly parameters: {
    };
    readonly response: readonly Channel[];
  };
  'channels.create': {
    readonly parameters: {
      readonly endpoint: string;
      readonly app: string;
      readonly appArgs?: string;
      readonly channelId?: string;
      readonly otherChannelId?: string;
      readonly originator?: string;
      readonly formats?: string;
      readonly variables?: Readonly<Record<string, unknown>>;
    };
    readonly response: Channel;
  };
  'channels.dial': {
    readonly parameters: {
      readonly channelId: string;
      readonly caller?: string;
      readonly timeout?: number;
    };
    readonly response: undefined;
  };
  'channels.originateWithId': {
    readonly parameters: {
      readonly channelId: string;
      readonly endpoint: string;
      readonly extension?: string;
      readonly context?: string;
      readonly priority?: number;
      readonly label?: string;
      readonly app?: string;
      readonly appArgs?: string;
      readonly callerId?: string;
      readonly timeout?: number;
      readonly variables?: Readonly<Record<string, unknown>>;
      readonly otherChannelId?: string;
      readonly originator?: string;
      readonly formats?: string;
    };
    readonly response: Channel;
  };
  'channels.externalMedia': {
    readonly parameters: {
      readonly channelId?: string;
      readonly app: string;
      readonly variables?: Readonly<Record<string, unknown>>;
      readonly external_host?: string;
      readonly encapsulation?: string;
      readonly transport?: string;
      readonly connection_type?: string;
      readonly format: string;
      readonly direction?: string;
      readonly data?: string;
      readonly transport_data?: string;
    };
    readonly response: Channel;
  };
  'channels.snoopChannelWithId': {
    readonly parameters: {
      readonly channelId: string;
      readonly snoopId: string;
      readonly spy?: string;
      readonly whisper?: string;
      readonly app: string;
      readonly appArgs?: string;
    };
    readonly response: Channel;
  };
  'channels.answer': {
    readonly parameters: {
      readonly channelId: string;
    };
    readonly response: undefined;
  };
  'channels.hangup': {
    readonly parameters: {
      readonly channelId: string;
      readonly reason_code?: string;
      readonly reason?: string;
    };
    readonly response: undefined;
  };
  'channels.playWithId': {
    readonly parameters: {
      readonly channelId: string;
      readonly playbackId: string;
      readonly media: string;
      readonly lang?: string;
      readonly offsetms?: number;
      readonly skipms?: number;
    };
    readonly response: Playback;
  };
  'channels.sendDTMF': {
    readonly parameters: {
      readonly channelId: string;
      readonly dtmf?: string;
      readonly before?: number;
      readonly between?: number;
      readonly duration?: number;
      readonly after?: number;
    };
    readonly response: undefined;
  };
  'channels.startMoh': {
    readonly parameters: {
      readonly channelId: string;
      readonly mohClass?: string;
    };
    readonly response: undefined;
  };
  'channels.stopMoh': {
    readonly parameters: {
      readonly channelId: string;
    };
    readonly response: undefined;
  };
  'endpoints.get': {
    readonly parameters: {
      readonly tech?: string;
      readonly resource?: string;
    };
    readonly response: Endpoint;
  };
  'endpoints.listByTech': {
    readonly parameters: {
      readonly tech?: string;
    };
    readonly response: readonly Endpoint[];
  };
  'playbacks.get': {
    readonly parameters: {
      readonly playbackId: string;
    };
    readonly response: Playback;
  };
  'playbacks.stop': {
    readonly parameters: {
      readonly playbackId: string;
    };
    readonly response: undefined;
  };
}

export type AriOperationName = keyof AriOperations;

/** How an operation travels: method, path template, query parameters, body parameter. */
export interface AriOperationRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query: readonly string[];
  readonly body?: string;
}

export const ARI_OPERATIONS: Readonly<Record<AriOperationName, AriOperationRoute>> = {
  'applications.get': { method: 'GET', path: '/applications/{applicationName}', query: [] },
  'applications.filter': { method: 'PUT', path: '/applications/{applicationName}/eventFilter', query: [], body: 'filter' },
  'applications.subscribe': { method: 'POST', path: '/applications/{applicationName}/subscription', query: ['eventSource'] },
  'bridges.list': { method: 'GET', path: '/bridges', query: [] },
  'bridges.get': { method: 'GET', path: '/bridges/{bridgeId}', query: [] },
  'bridges.createWithId': { method: 'POST', path: '/bridges/{bridgeId}', query: ['type', 'name'], body: 'variables' },
  'bridges.destroy': { method: 'DELETE', path: '/bridges/{bridgeId}', query: [] },
  'bridges.addChannel': { method: 'POST', path: '/bridges/{bridgeId}/addChannel', query: ['channel', 'role', 'absorbDTMF', 'mute', 'inhibitConnectedLineUpdates'] },
  'bridges.removeChannel': { method: 'POST', path: '/bridges/{bridgeId}/removeChannel', query: ['channel'] },
  'channels.list': { method: 'GET', path: '/channels', query: [] },
  'channels.create': { method: 'POST', path: '/channels/create', query: ['endpoint', 'app', 'appArgs', 'channelId', 'otherChannelId', 'originator', 'formats'], body: 'variables' },
  'channels.dial': { method: 'POST', path: '/channels/{channelId}/dial', query: ['caller', 'timeout'] },
  'channels.originateWithId': { method: 'POST', path: '/channels/{channelId}', query: ['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout', 'otherChannelId', 'originator', 'formats'], body: 'variables' },
  'channels.externalMedia': { method: 'POST', path: '/channels/externalMedia', query: ['channelId', 'app', 'external_host', 'encapsulation', 'transport', 'connection_type', 'format', 'direction', 'data', 'transport_data'], body: 'variables' },
  'channels.snoopChannelWithId': { method: 'POST', path: '/channels/{channelId}/snoop/{snoopId}', query: ['spy', 'whisper', 'app', 'appArgs'] },
  'channels.answer': { method: 'POST', path: '/channels/{channelId}/answer', query: [] },
  'channels.hangup': { method: 'DELETE', path: '/channels/{channelId}', query: ['reason_code', 'reason'] },
  'channels.playWithId': { method: 'POST', path: '/channels/{channelId}/play/{playbackId}', query: ['media', 'lang', 'offsetms', 'skipms'] },
  'channels.sendDTMF': { method: 'POST', path: '/channels/{channelId}/dtmf', query: ['dtmf', 'before', 'between', 'duration', 'after'] },
  'channels.startMoh': { method: 'POST', path: '/channels/{channelId}/moh', query: ['mohClass'] },
  'channels.stopMoh': { method: 'DELETE', path: '/channels/{channelId}/moh', query: [] },
  'endpoints.get': { method: 'GET', path: '/endpoints/{tech}/{resource}', query: [] },
  'endpoints.listByTech': { method: 'GET', path: '/endpoints/{tech}', query: [] },
  'playbacks.get': { method: 'GET', path: '/playbacks/{playbackId}', query: [] },
  'playbacks.stop': { method: 'DELETE', path: '/playbacks/{playbackId}', query: [] },
};
