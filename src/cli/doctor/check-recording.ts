import { existsSync } from 'node:fs';
import { access, chmod, constants, mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { OutdialConfig } from '../../config/outdial-config.js';
import type { AmiProbe } from './ami-probe.js';
import { fail, ok, type Finding } from './finding.js';
import type { TrialChannel } from './trial-channel.js';

/** Chosen: a file that is shared is seen within a second even over NFS's attribute cache; three leave room. */
const SEEN_WITHIN_MS = 3_000;
const LOOK_INTERVAL_MS = 50;

/**
 * Lets the switch record a tone and looks for the file here: two folders of
 * one name on two machines, a share that is not mounted, missing rights and a
 * missing MixMonitor all show in this and in nothing else. Nobody is dialled.
 */
export async function checkRecording(channel: TrialChannel, ami: AmiProbe, config: OutdialConfig): Promise<readonly Finding[]> {
  const { recordingsFolder, recordingsFolderOnSwitch = recordingsFolder } = config.switch;
  const isUsable = await access(recordingsFolder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isUsable) {
    return [fail('recording', `${recordingsFolder} cannot be read and written by this user.`, 'Put the user of the service into the group asterisk and let the group write there.')];
  }
  const place = await mkdtemp(join(recordingsFolder, 'outdial-doctor-'));
  try {
    // Open to the switch, whose user is another one.
    await chmod(place, 0o777);
    const name = basename(place);
    return [await trial(channel, ami, { here: join(place, 'trial.wav'), onSwitch: `${recordingsFolderOnSwitch}/${name}/trial.wav` })];
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function trial(channel: TrialChannel, ami: AmiProbe, file: { readonly here: string; readonly onSwitch: string }): Promise<Finding> {
  const [answer] = await ami.ask({ Action: 'MixMonitor', Channel: channel.name, File: file.onSwitch });
  if (answer?.['response'] !== 'Success') {
    return fail('recording', `The switch does not record: ${answer?.['message'] ?? 'no reason given'}.`, 'Load app_mixmonitor.so and give the AMI user write=system in manager.conf.');
  }
  await channel.play('tone:dial');
  for (const giveUpAtMs = performance.now() + SEEN_WITHIN_MS; performance.now() < giveUpAtMs; await wait(LOOK_INTERVAL_MS)) {
    if (existsSync(file.here)) return ok('recording', 'A trial recording of the switch is found by the service.');
  }
  return fail(
    'recording',
    `The switch recorded to ${file.onSwitch}, and nothing came to ${file.here}.`,
    'Let both name the same folder: share it between the machines, mount it here as switch.recordingsFolder, and give its name on the switch as recordingsFolderOnSwitch; the switch\'s user must be able to write there.',
  );
}
