import type { BoardUpdate, FeedMessage, Wallboard } from './contract.js';
import { FEED_VERSION, updatedBoard } from './contract.js';
import type { LiveState } from './live-state.js';
import type { EpochMs } from '../units/time.js';

/** One screen's connection, as the hub needs it. */
export interface FeedSocket {
  send(text: string): void;
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number;
}

/** Where a returning screen stands. */
export interface FeedPosition {
  readonly epoch: string;
  readonly n: number;
}

/** A screen that listens. */
export interface FeedMember {
  readonly socket: FeedSocket;
  /** Number of the last message it was sent. */
  n: number;
}

/** Name and bounds of a feed. */
export interface FeedHubOptions {
  /** Unique to this run of the service. */
  readonly epoch: string;
  /** Changes kept for screens that return, 1 and more. */
  readonly changesKeptMax: number;
  /** A screen with more bytes than this in its socket is sent nothing until it has read. */
  readonly bufferedBytesMax: number;
}

/** Chosen: at ten changes a second, a minute away costs no snapshot; a socket is behind once it holds some seconds of changes. */
export const FEED_HUB_DEFAULTS = { changesKeptMax: 600, bufferedBytesMax: 256 * 1024 } as const;

/** Merging more changes than this costs more than a snapshot. Chosen: 20 s at ten a second. */
const MERGED_CHANGES_MAX = 200;

interface NumberedChange {
  readonly n: number;
  readonly updates: readonly BoardUpdate[];
}

/**
 * Numbers the changes of the live state and keeps screens current. A screen
 * that cannot keep up is left out until its socket has drained, and is then
 * brought up to date by the changes it missed, merged, or by a snapshot: it
 * never slows the dialer or the others, and never holds more than one socket's
 * worth of memory. Owns no clock and no timer.
 */
export class FeedHub {
  readonly #live: LiveState;
  readonly #options: FeedHubOptions;
  readonly #members = new Set<FeedMember>();
  readonly #kept: NumberedChange[] = [];
  #n = 0;
  /** As it stood at `#n`; the live state may be ahead of it. */
  #board: Wallboard;

  constructor(live: LiveState, options: FeedHubOptions) {
    this.#live = live;
    this.#options = options;
    live.takeUpdates();
    this.#board = live.board();
  }

  /** Screens listening now. */
  get memberCount(): number {
    return this.#members.size;
  }

  /** Number of the newest change. */
  get n(): number {
    return this.#n;
  }

  /** A screen comes or returns: it is told the epoch, then the changes it missed or the whole board. */
  join(socket: FeedSocket, position: FeedPosition | undefined, nowMs: EpochMs): FeedMember {
    const isOurs = position !== undefined && position.epoch === this.#options.epoch && position.n <= this.#n;
    const member: FeedMember = { socket, n: isOurs ? position.n : -1 };
    send(socket, { type: 'hello', epoch: this.#options.epoch, version: FEED_VERSION, nowMs });
    this.#catchUp(member, nowMs);
    this.#members.add(member);
    return member;
  }

  leave(member: FeedMember): void {
    this.#members.delete(member);
  }

  /** Numbers what has changed since the last call, if anything, and sends it to every screen that can take it. */
  flush(nowMs: EpochMs): void {
    this.#live.tick(nowMs);
    const updates = this.#live.takeUpdates();
    const before = this.#n;
    if (updates.length > 0) {
      this.#n += 1;
      this.#board = updatedBoard(this.#board, updates);
      this.#kept.push({ n: this.#n, updates });
      if (this.#kept.length > this.#options.changesKeptMax) this.#kept.shift();
    }
    let text: string | undefined;
    for (const member of this.#members) {
      if (member.n === this.#n || !this.#canTake(member)) continue;
      if (member.n === before) {
        text ??= JSON.stringify({ type: 'change', after: before, n: this.#n, nowMs, updates } satisfies FeedMessage);
        member.socket.send(text);
        member.n = this.#n;
      } else {
        this.#catchUp(member, nowMs);
      }
    }
  }

  /** Tells every screen that the service lives, and where it should stand. */
  beat(nowMs: EpochMs): void {
    for (const member of this.#members) {
      // A screen that is behind hears so from its next change, not from a number it has not been brought to.
      if (this.#canTake(member)) send(member.socket, { type: 'beat', n: member.n, nowMs });
    }
  }

  #canTake(member: FeedMember): boolean {
    return member.socket.bufferedAmount <= this.#options.bufferedBytesMax;
  }

  #catchUp(member: FeedMember, nowMs: EpochMs): void {
    const missed = this.#missedSince(member.n);
    if (missed === undefined) {
      send(member.socket, { type: 'snapshot', n: this.#n, nowMs, board: this.#board });
    } else if (missed.length > 0) {
      send(member.socket, { type: 'change', after: member.n, n: this.#n, nowMs, updates: merged(missed) });
    } else {
      send(member.socket, { type: 'beat', n: this.#n, nowMs });
    }
    member.n = this.#n;
  }

  /** The changes after `n`; undefined when some are no longer kept, or there are too many. */
  #missedSince(n: number): readonly NumberedChange[] | undefined {
    if (n < 0) return undefined;
    const missedCount = this.#n - n;
    if (missedCount > this.#kept.length || missedCount > MERGED_CHANGES_MAX) return undefined;
    return missedCount === 0 ? [] : this.#kept.slice(-missedCount);
  }
}

/** Each piece once, with its last value. */
function merged(changes: readonly NumberedChange[]): readonly BoardUpdate[] {
  const last = new Map<string, BoardUpdate>();
  for (const { updates } of changes) {
    for (const update of updates) last.set(update.kind === 'floor' ? 'floor' : `${update.kind}/${update.id}`, update);
  }
  return [...last.values()];
}

function send(socket: FeedSocket, message: FeedMessage): void {
  socket.send(JSON.stringify(message));
}
