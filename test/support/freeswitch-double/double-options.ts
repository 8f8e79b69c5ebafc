import type { EpochMs, Ms } from '../../../src/units/time.js';
import type { CarrierScript, NumberBehaviour } from './outside/carrier-scripts.js';

/** A gateway of the double; calls through it reach the numbers of the options. */
export interface DoubleGateway {
  readonly name: string;
  /** Default true. */
  readonly isReachable?: boolean;
}

/** A desk phone of the double. */
export interface DoublePhone {
  /** User in the directory, e.g. `1001`. */
  readonly user: string;
  /** Default true. */
  readonly isRegistered?: boolean;
  /** What it does when it is called; default: rings 0.3 s and answers 1 s later. */
  readonly whenCalled?: NumberBehaviour | CarrierScript;
}

/** How the double is set up; everything has a default that does for most tests. */
export interface FreeswitchDoubleOptions {
  /** Equal seeds cut the stream, draw the free orders and the delays alike. Default 1. */
  readonly seed?: number;
  /** TCP port on 127.0.0.1; default: a free one. */
  readonly port?: number;
  /** Default `ClueCon`. */
  readonly password?: string;
  /**
   * Real milliseconds for one of the double's: 1 (default) is as recorded, 0.05
   * twenty times as fast. `manual`: its time stands until the test moves it on.
   */
  readonly timeScale?: number | 'manual';
  /** What its clock says at the start; default: the machine's own time. */
  readonly startedAtMs?: EpochMs;
  /** Default: one reachable gateway `carrier`. */
  readonly gateways?: readonly DoubleGateway[];
  /** What each dialled number does; one that is not here does not exist (404). */
  readonly numbers?: Readonly<Record<string, NumberBehaviour | CarrierScript>>;
  /** Asked for a number that `numbers` does not hold. */
  readonly numberFor?: (dialled: string) => NumberBehaviour | CarrierScript | undefined;
  /** Default: `1001`, registered. */
  readonly phones?: readonly DoublePhone[];
  /** Users of the directory that have no phone here; dialling them is USER_NOT_REGISTERED. */
  readonly users?: readonly string[];
  /** Domain of the directory. Default 127.0.0.1, as recorded. */
  readonly domain?: string;
  /** Channel variables that the dialplan sets on a call of a phone. Default `outdial_app`, `outdial_request` and `outdial_phone`, as our own does. */
  readonly featureVariables?: (user: string, feature: string) => Readonly<Record<string, string>>;
  /** How long a sound file plays; undefined: there is none. Default: the length of the WAV file at that path. */
  readonly soundMs?: (path: string) => Ms | undefined;
  /** Put before the path of a recording, so that recorded paths can be written to; default nothing. */
  readonly recordingsRoot?: string;
  /** New sessions a second; as the real switch, N lets N-1 through. Default 200. */
  readonly sessionsPerSecondMax?: number;
  /** Default 1000. */
  readonly sessionsMax?: number;
  /** Largest ordinary piece that is written to a socket at once; pieces are drawn from 1 byte on. Default 2048. */
  readonly pieceBytesMax?: number;
  /** Lag of `show channels` behind the channels at most. Default 250: seen on 1.10.12 were 0 to 258 after the `+OK`, and 79 to 180 after the end. */
  readonly listLagMsMax?: Ms;
  /** After how long without audio a leg of a vanished phone ends. Default: the leg's own `media_timeout`, else 3000. */
  readonly mediaTimeoutMs?: Ms;
  /** How long `restart` keeps nobody listening. Default 300. */
  readonly restartMs?: Ms;
  /** How long a connection may wait with `auth`. Default 25,000. */
  readonly authTimeoutMs?: Ms;
  /** Version that `version` and `status` tell, e.g. `1.10.12-release`. Default: as recorded. */
  readonly version?: string;
  /** Number of the first member of a conference. Default 1, as after a start of the switch. */
  readonly firstMemberId?: number;
  /** Modules that `module_exists` denies although the recorded switch had them. Default none. */
  readonly missingModules?: readonly string[];
}
