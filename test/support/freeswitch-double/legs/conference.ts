import type { Ms } from '../../../../src/units/time.js';
import { EVENTS } from '../recorded/event-catalogue.js';
import type { TemplateQuery } from '../recorded/event-template.js';
import { recordedEvent } from '../recorded/event-template.js';
import type { EventHeaders } from '../recorded/switch-event-data.js';
import type { SwitchCore } from '../server/switch-core.js';
import type { Leg } from './leg.js';
import { soundParts } from './sound-length.js';

/** A leg in a conference. */
export interface Member {
  /** Counted by the server, over all its conferences; a leg that comes again keeps its own (flow 09). */
  readonly id: string;
  readonly leg: Leg;
  readonly joinedMs: Ms;
  canSpeak: boolean;
  canHear: boolean;
  isHeld: boolean;
  isTalking: boolean;
  /** Sounds that it alone hears: the first one plays. */
  readonly sounds: ConferenceSound[];
}

/** A file that plays to a member or to all. */
interface ConferenceSound {
  readonly path: string;
  readonly lengthMs: Ms;
  startedMs: Ms;
  cancel: () => void;
}

/** How fast the conference's own thread goes round. */
const ROUND_MS: Ms = 20;
/** From a change until it is told: they come in order, and before a kick that follows (flow 15). */
const CHANGE_TOLD_MS: Ms = 0;
/** From joining until the energy of a talker's sound is seen. */
const TALK_SEEN_MS: Ms = 60;

/** A conference: its members, who has the floor, and what is played into it. */
export class Conference {
  readonly core: SwitchCore;
  readonly name: string;
  readonly profile: string;
  readonly uuid: string;
  readonly startedMs: Ms;
  /** The one that came last first, as lists have them. */
  readonly members: Member[] = [];
  /** Sounds that all hear. */
  readonly sounds: ConferenceSound[] = [];
  floor: Member | undefined;
  #isMusicPlaying = false;
  #isOver = false;

  private constructor(core: SwitchCore, name: string, profile: string) {
    this.core = core;
    this.name = name;
    this.profile = profile;
    this.uuid = core.newUuid();
    this.startedMs = core.clock.nowMs;
  }

  /** The conference of this name; made when there is none. */
  static open(core: SwitchCore, name: string, profile: string): Conference {
    const known = core.conferences.get(name);
    if (known !== undefined) return known;
    const conference = new Conference(core, name, profile);
    core.conferences.set(name, conference);
    conference.#tell(EVENTS.conferenceCreate);
    return conference;
  }

  /** A member by its id; `last` is who came last. */
  member(id: string): Member | undefined {
    return id === 'last' ? this.members[0] : this.members.find((member) => member.id === id);
  }

  join(leg: Leg, flags: ReadonlySet<string>): Member {
    const member: Member = {
      id: (leg.memberId ??= this.core.nextMemberId()),
      leg,
      joinedMs: this.core.clock.nowMs,
      canSpeak: !flags.has('mute'),
      canHear: !flags.has('deaf'),
      isHeld: false,
      isTalking: false,
      sounds: [],
    };
    this.members.unshift(member);
    leg.variables.set('conference_name', this.name);
    leg.variables.set('conference_member_id', member.id);
    leg.variables.set('conference_moderator', 'false');
    leg.variables.set('conference_ghost', 'false');
    leg.variables.set('conference_uuid', this.uuid);
    this.tellOf(EVENTS.addMember, member);
    this.#keepMusic();
    this.core.after(ROUND_MS, () => {
      this.#giveFloor();
    });
    this.#talkSoon(member);
    return member;
  }

  /** A member goes; the conference's own last words come after the leg's. */
  leave(member: Member): void {
    if (!this.members.includes(member)) return;
    this.#loseFloor(member);
    this.members.splice(this.members.indexOf(member), 1);
    for (const sound of member.sounds.splice(0)) sound.cancel();
    this.tellOf(EVENTS.delMember, member);
    if (this.members.length > 0) {
      this.#keepMusic();
      this.core.after(ROUND_MS, () => {
        this.#giveFloor();
      });
      return;
    }
    this.#isOver = true;
    this.core.conferences.delete(this.name);
    this.core.shortly(() => {
      this.#stopMusic();
      for (const sound of this.sounds.splice(0)) this.#endSound(sound, undefined);
      this.#tell(EVENTS.conferenceDestroy);
    });
  }

  /** Mutes, deafens or holds a member, or takes it back, and tells. */
  change(member: Member, what: 'mute' | 'unmute' | 'deaf' | 'undeaf' | 'hold' | 'unhold'): void {
    const tell = (query: TemplateQuery): void => {
      this.core.after(CHANGE_TOLD_MS, () => {
        if (this.members.includes(member)) this.tellOf(query, member);
      });
    };
    switch (what) {
      case 'mute':
      case 'unmute':
        member.canSpeak = what === 'unmute';
        tell(what === 'mute' ? EVENTS.muteMember : EVENTS.unmuteMember);
        break;
      case 'deaf':
      case 'undeaf':
        member.canHear = what === 'undeaf';
        tell(what === 'deaf' ? EVENTS.deafMember : EVENTS.undeafMember);
        return;
      case 'hold':
      case 'unhold':
        member.isHeld = what === 'hold';
        tell(what === 'hold' ? EVENTS.holdMember : EVENTS.unholdMember);
        break;
    }
    if (!member.canSpeak || member.isHeld) {
      member.isTalking = false;
      if (this.floor === member) this.floor = undefined;
      this.core.after(ROUND_MS, () => {
        this.#giveFloor();
      });
    } else {
      this.#talkSoon(member);
    }
  }

  /** Puts a file behind those that play to a member, or to all; false when it does not exist. */
  play(path: string, member: Member | undefined): boolean {
    const parts = soundParts(path, this.core.settings.soundMs);
    if (parts === undefined) return false;
    const sound: ConferenceSound = {
      path,
      lengthMs: parts.reduce((sum, part) => sum + part.lengthMs, 0),
      startedMs: this.core.clock.nowMs,
      cancel: () => undefined,
    };
    const queue = member === undefined ? this.sounds : member.sounds;
    queue.push(sound);
    if (member === undefined) this.#stopMusic();
    this.core.after(ROUND_MS, () => {
      const isThere = queue.includes(sound) && (member === undefined || this.members.includes(member));
      if (isThere) this.#tellSound(member === undefined ? EVENTS.playFile : EVENTS.playFileMember, sound, member);
    });
    if (queue.length === 1) this.#startSound(sound, member);
    return true;
  }

  /** Stops what plays to a member or to all, the first one or every one; the answer is how many. */
  stop(which: 'current' | 'all' | 'last', member: Member | undefined): number {
    const queue = member === undefined ? this.sounds : member.sounds;
    const stopped = which === 'all' ? queue.splice(0) : which === 'last' ? queue.splice(-1) : queue.splice(0, 1);
    for (const sound of stopped) sound.cancel();
    this.core.after(ROUND_MS, () => {
      for (const sound of stopped) this.#tellSoundDone(sound, member);
    });
    const next = queue[0];
    if (next !== undefined && which === 'current') this.#startSound(next, member);
    return stopped.length;
  }

  /** An event of the conference about a member. */
  tellOf(query: TemplateQuery, member: Member, changes: Readonly<Record<string, string | undefined>> = {}): void {
    this.core.emit(
      member.leg.headersOf(query, {
        ...this.#headers,
        'Member-ID': member.id,
        Floor: String(this.floor === member),
        Hear: String(member.canHear),
        Speak: String(member.canSpeak),
        Talking: String(member.isTalking),
        Hold: String(member.isHeld),
        ...changes,
      }),
    );
  }

  get #headers(): Readonly<Record<string, string>> {
    return {
      'Conference-Name': this.name,
      'Conference-Domain': this.core.settings.domain,
      'Conference-Size': String(this.members.length),
      'Conference-Profile-Name': this.profile,
      'Conference-Unique-ID': this.uuid,
    };
  }

  #tell(query: TemplateQuery, changes: Readonly<Record<string, string>> = {}): void {
    const headers: EventHeaders = new Map(recordedEvent(query).headers);
    for (const [name, value] of Object.entries({ ...this.#headers, ...changes })) headers.set(name, value);
    this.core.emit(headers);
  }

  /** Alone, a member hears the music; it is an ordinary file to the switch, and ends as one. */
  #keepMusic(): void {
    if (this.members.length > 1) this.#stopMusic();
    if (this.members.length !== 1) return;
    this.core.after(ROUND_MS, () => {
      if (this.members.length === 1 && this.sounds.length === 0) this.#isMusicPlaying = true;
    });
  }

  #stopMusic(): void {
    if (!this.#isMusicPlaying) return;
    this.#isMusicPlaying = false;
    this.#tell(EVENTS.musicDone);
  }

  #startSound(sound: ConferenceSound, member: Member | undefined): void {
    sound.startedMs = this.core.clock.nowMs;
    if (!Number.isFinite(sound.lengthMs)) return;
    sound.cancel = this.core.after(sound.lengthMs + ROUND_MS, () => {
      this.#endSound(sound, member);
    });
  }

  #endSound(sound: ConferenceSound, member: Member | undefined): void {
    const queue = member === undefined ? this.sounds : member.sounds;
    const at = queue.indexOf(sound);
    if (at >= 0) queue.splice(at, 1);
    this.#tellSoundDone(sound, member);
    const next = queue[0];
    if (next !== undefined) this.#startSound(next, member);
    else if (member === undefined) this.#keepMusic();
  }

  #tellSoundDone(sound: ConferenceSound, member: Member | undefined): void {
    if (this.#isOver && member !== undefined) return;
    if (member !== undefined && !this.members.includes(member)) return;
    this.#tellSound(member === undefined ? EVENTS.playFileDone : EVENTS.playFileMemberDone, sound, member);
  }

  #tellSound(query: TemplateQuery, sound: ConferenceSound, member: Member | undefined): void {
    const playedMs = Math.round(this.core.clock.nowMs - sound.startedMs);
    const isDone = query === EVENTS.playFileDone || query === EVENTS.playFileMemberDone;
    const length = isDone
      ? { seconds: String(Math.floor(playedMs / 1000)), milliseconds: String(playedMs), samples: String(playedMs * 8) }
      : {};
    if (member === undefined) this.#tell(query, { ...length, File: sound.path });
    else this.tellOf(query, member, { ...length, File: sound.path });
  }

  #talkSoon(member: Member): void {
    this.core.after(TALK_SEEN_MS, () => {
      const isTalker = this.core.farEnds.get(member.leg.uuid)?.isTalking !== false;
      if (!isTalker || !this.members.includes(member) || !member.canSpeak || member.isHeld || member.isTalking) return;
      member.isTalking = true;
      this.tellOf(EVENTS.startTalking, member);
    });
  }

  /** Somebody who may speak has the floor, who came first before the others. */
  #giveFloor(): void {
    if (this.floor !== undefined || this.#isOver) return;
    const next = this.members.findLast((member) => member.canSpeak && !member.isHeld);
    if (next === undefined) return;
    this.floor = next;
    this.tellOf(EVENTS.floorChange, next);
  }

  #loseFloor(member: Member): void {
    if (this.floor !== member) return;
    this.floor = undefined;
    this.#tell(EVENTS.floorLost);
  }
}
