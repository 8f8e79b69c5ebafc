import type { BridgeId, CallId, PhoneName, PlaybackId } from '../../units/ids.js';
import type { SwitchEvent } from '../switch.js';

/** What a leg was last told to do, ahead of the switch's word that it does. */
export type LegTask = 'park' | 'bridge' | 'hold' | 'supervise';

/** The following of another call. */
export interface Supervision {
  readonly targetCallId: CallId;
  /** The switch's id of it; undefined until it has begun. */
  executionId: string | undefined;
}

/** What the backend must remember of a call, only to translate. */
export interface Leg {
  readonly callId: CallId;
  readonly isOriginated: boolean;
  readonly phone: PhoneName | undefined;
  isRinging: boolean;
  hasEarlyMedia: boolean;
  /** The far end has answered; told only once the leg takes orders. */
  isUp: boolean;
  isAnsweredTold: boolean;
  isParked: boolean;
  /** This park began when it had audio, and has not been asked for it: only such a park may be. */
  isAudioReady: boolean;
  /** We asked for its end. */
  isEnding: boolean;
  task: LegTask;
  /** Where it is, by the switch's events. */
  bridgeId: BridgeId | undefined;
  /** Where the last command sent it, ahead of the event. */
  headedFor: BridgeId | undefined;
  /** Its member number in the conference it is in. */
  memberId: string;
  supervision: Supervision | undefined;
  /** Whom it was told to follow no more; its end is told when the switch says that it is elsewhere. */
  leftTarget: CallId | undefined;
  /** It is heard, or about to be. */
  hearing: { end(): void } | undefined;
  /** What to do once it is where it was sent. */
  whenSettled: (() => void)[];
  /** Sounds to this leg, in the order they were asked for. */
  readonly playing: PlaybackId[];
  /** Its originate has no reply yet: events wait, so that the reply comes first. */
  heldEvents: SwitchEvent[] | undefined;
  /** Ends the ringing of a leg that is parked unanswered, to which the switch's own limit does not apply. */
  ringLimit: NodeJS.Timeout | undefined;
}

/** Whether it is where it was sent: in the conference, parked, following, or at least out of the conference it was in. */
export function isSettled({ task, bridgeId, headedFor, isParked, supervision }: Leg): boolean {
  switch (task) {
    case 'bridge':
      return bridgeId === headedFor;
    case 'park':
      return bridgeId === undefined && isParked;
    case 'supervise':
      return supervision?.executionId !== undefined;
    case 'hold':
      return bridgeId === undefined;
  }
}

/** A leg that nothing is known of yet. */
export function newLeg(callId: CallId, isOriginated: boolean, phone: PhoneName | undefined): Leg {
  return {
    callId,
    isOriginated,
    phone,
    isRinging: false,
    hasEarlyMedia: false,
    isUp: false,
    isAnsweredTold: false,
    isParked: false,
    isAudioReady: false,
    isEnding: false,
    task: 'park',
    bridgeId: undefined,
    headedFor: undefined,
    memberId: '',
    supervision: undefined,
    leftTarget: undefined,
    hearing: undefined,
    whenSettled: [],
    playing: [],
    heldEvents: undefined,
    ringLimit: undefined,
  };
}
