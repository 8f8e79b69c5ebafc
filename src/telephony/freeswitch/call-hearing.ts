import type { Ms } from '../../units/time.js';
import type { CallAudio } from '../call-audio.js';
import type { CallAudioPorts } from './call-audio-ports.js';
import type { EslConnection } from './esl-connection.js';
import { isDone } from './freeswitch-causes.js';
import { audioMessage, parkCommand } from './freeswitch-commands.js';
import type { AudioPorts } from './freeswitch-config.js';
import { isSettled } from './leg.js';
import type { Leg } from './leg.js';

/** How call audio gets to us. */
export interface AudioWay {
  readonly audio: CallAudio;
  readonly ports: CallAudioPorts;
  readonly onSwitch: AudioPorts;
}

/** What came of asking to hear a call. */
export type HearingOutcome =
  | { readonly kind: 'heard' }
  | { readonly kind: 'lost' }
  /** The call went elsewhere or ended before it could be heard. */
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'refused'; readonly words: string }
  /** The switch took the order, and no audio came. */
  | { readonly kind: 'silent' };

/**
 * Measured on 1.10.12 with a hundred calls at once: 81 ms at most. Chosen: five
 * times that.
 */
const FIRST_AUDIO_WAIT_MS_MAX: Ms = 400;
/** Chosen: a port that another program holds is a rare thing, three in a row is none of chance. */
const PORTS_TRIED_MAX = 3;

/**
 * Hears one call. The switch says that it was done whether or not it could bind
 * the port, and a call that is never heard would be judged by its silence: so
 * it counts as heard when its audio has come, and another port is tried when
 * none does.
 */
export class CallHearing {
  readonly #leg: Leg;
  readonly #way: AudioWay;
  readonly #connection: EslConnection;
  #onOutcome: ((outcome: HearingOutcome) => void) | undefined;
  #port: number | undefined;
  #triedCount = 0;
  #deadline: NodeJS.Timeout | undefined;

  /** @param onOutcome told once. */
  constructor(leg: Leg, way: AudioWay, connection: EslConnection, onOutcome: (outcome: HearingOutcome) => void) {
    this.#leg = leg;
    this.#way = way;
    this.#connection = connection;
    this.#onOutcome = onOutcome;
  }

  /** Asks for its audio, from a park that may be asked: one that began when the call had audio, and has not been. */
  begin(): void {
    if (this.#leg.isAudioReady) return this.#ask();
    this.#leg.isParked = false;
    this.#connection.api(parkCommand(this.#leg.callId), (reply) => {
      if (reply.kind === 'lost') this.#tell({ kind: 'lost' });
      else if (!isDone(reply.words)) this.#tell({ kind: 'refused', words: reply.words });
      else if (isSettled(this.#leg)) this.#ask();
      else this.#leg.whenSettled.push(() => this.#ask());
    });
  }

  /** Its audio comes no more; whoever still waits for the first of it is told. */
  end(): void {
    clearTimeout(this.#deadline);
    this.#release();
    this.#tell({ kind: 'withdrawn' });
  }

  #ask(): void {
    const leg = this.#leg;
    if (leg.hearing !== this) return;
    if (leg.isEnding || !leg.isAudioReady) return this.end();
    const port = this.#way.ports.take();
    if (port === undefined) return this.#tell({ kind: 'no-room' });
    this.#port = port;
    this.#triedCount++;
    leg.isAudioReady = false;
    this.#way.audio.attach(port, leg.callId, 'raw-l16', () => {
      clearTimeout(this.#deadline);
      this.#tell({ kind: 'heard' });
    });
    this.#deadline = setTimeout(() => this.#unheard(), FIRST_AUDIO_WAIT_MS_MAX);
    this.#connection.message(leg.callId, audioMessage(this.#way.onSwitch, port, this.#way.audio.address), (reply) => {
      if (reply.kind === 'said' && isDone(reply.words)) return;
      clearTimeout(this.#deadline);
      this.#release();
      this.#tell(reply.kind === 'lost' ? { kind: 'lost' } : { kind: 'refused', words: reply.words });
    });
  }

  #unheard(): void {
    // Not given back: somebody else has it.
    if (this.#port !== undefined) this.#way.audio.detach(this.#port);
    this.#port = undefined;
    if (this.#triedCount < PORTS_TRIED_MAX) this.begin();
    else this.#tell({ kind: 'silent' });
  }

  #release(): void {
    if (this.#port === undefined) return;
    this.#way.audio.detach(this.#port);
    this.#way.ports.giveBack(this.#port);
    this.#port = undefined;
  }

  #tell(outcome: HearingOutcome): void {
    const onOutcome = this.#onOutcome;
    this.#onOutcome = undefined;
    if (outcome.kind !== 'heard' && this.#leg.hearing === this) this.#leg.hearing = undefined;
    onOutcome?.(outcome);
  }
}
