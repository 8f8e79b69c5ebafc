import type { SwitchEventData } from '../recorded/switch-event-data.js';
import { headerText } from '../recorded/switch-event-data.js';
import type { EventFormat } from './wire-message.js';

/** Names that the switch knows; others are ignored. */
const KNOWN_EVENTS = new Set(
  (
    'CUSTOM CLONE CHANNEL_CREATE CHANNEL_DESTROY CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_ANSWER CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE ' +
    'CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HOLD CHANNEL_UNHOLD CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_PROGRESS ' +
    'CHANNEL_PROGRESS_MEDIA CHANNEL_OUTGOING CHANNEL_PARK CHANNEL_UNPARK CHANNEL_APPLICATION CHANNEL_ORIGINATE CHANNEL_UUID API LOG ' +
    'INBOUND_CHAN OUTBOUND_CHAN STARTUP SHUTDOWN PUBLISH UNPUBLISH TALK NOTALK SESSION_CRASH MODULE_LOAD MODULE_UNLOAD DTMF MESSAGE ' +
    'PRESENCE_IN NOTIFY_IN PRESENCE_OUT PRESENCE_PROBE MESSAGE_WAITING MESSAGE_QUERY ROSTER CODEC BACKGROUND_JOB DETECTED_SPEECH ' +
    'DETECTED_TONE PRIVATE_COMMAND HEARTBEAT TRAP ADD_SCHEDULE DEL_SCHEDULE EXE_SCHEDULE RE_SCHEDULE RELOADXML NOTIFY PHONE_FEATURE ' +
    'PHONE_FEATURE_SUBSCRIBE SEND_MESSAGE RECV_MESSAGE REQUEST_PARAMS CHANNEL_DATA GENERAL COMMAND SESSION_HEARTBEAT ' +
    'CLIENT_DISCONNECTED SERVER_DISCONNECTED SEND_INFO RECV_INFO RECV_RTCP_MESSAGE SEND_RTCP_MESSAGE CALL_SECURE NAT RECORD_START ' +
    'RECORD_STOP PLAYBACK_START PLAYBACK_STOP CALL_UPDATE FAILURE SOCKET_DATA MEDIA_BUG_START MEDIA_BUG_STOP ' +
    'CONFERENCE_DATA_QUERY CONFERENCE_DATA CALL_SETUP_REQ CALL_SETUP_RESULT CALL_DETAIL DEVICE_STATE TEXT SHUTDOWN_REQUESTED ALL'
  ).split(' '),
);

interface Filter {
  readonly header: string;
  readonly value: string;
}

/** What one connection wants to hear. */
export class Subscriptions {
  #names = new Set<string>();
  #subclasses = new Set<string>();
  #filters: Filter[] = [];
  format: EventFormat = 'plain';

  /** Adds to what is wanted; false when no name among the words is known. Every word after CUSTOM is a subclass. */
  add(words: readonly string[]): boolean {
    let isCustom = false;
    let isAnyKnown = false;
    for (const word of words) {
      const name = word.toUpperCase();
      if (isCustom) this.#subclasses.add(word);
      else if (KNOWN_EVENTS.has(name)) this.#names.add(name);
      else continue;
      isAnyKnown = true;
      if (name === 'CUSTOM') isCustom = true;
    }
    return isAnyKnown;
  }

  /** Takes names, or subclasses behind CUSTOM, out again. */
  remove(words: readonly string[]): void {
    let isCustom = false;
    for (const word of words) {
      const name = word.toUpperCase();
      if (isCustom) this.#subclasses.delete(word);
      else this.#names.delete(name);
      if (name === 'CUSTOM') isCustom = true;
    }
  }

  clear(): void {
    this.#names.clear();
    this.#subclasses.clear();
  }

  addFilter(header: string, value: string): void {
    this.#filters.push({ header, value });
  }

  /** `all` or a header takes its filters away; with a value, only that one. */
  deleteFilter(header: string, value?: string): void {
    this.#filters =
      header === 'all'
        ? []
        : this.#filters.filter((filter) => filter.header !== header || (value !== undefined && filter.value !== value));
  }

  /** Whether this event is for the connection: wanted, and past any filter. */
  wants({ headers }: SwitchEventData): boolean {
    const name = headerText(headers, 'Event-Name');
    if (!this.#names.has('ALL')) {
      const isWanted = name === 'CUSTOM' ? this.#subclasses.has(headerText(headers, 'Event-Subclass')) : this.#names.has(name);
      if (!isWanted) return false;
    }
    return this.#filters.length === 0 || this.#filters.some(({ header, value }) => headerText(headers, header) === value);
  }
}
