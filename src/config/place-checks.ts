import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CrossFault } from './cross-fault.js';
import { cureOf } from './key-cures.js';
import type { SwitchKind } from './switch-schema.js';

/** Files and folders as the configuration names them, absolute. */
export interface Places {
  readonly storeFile: string;
  readonly recordingsFolder: string;
  readonly switchKind: SwitchKind;
}

/** Whether the machine has the places that the configuration names, with the rights that are needed. */
export function checkPlaces({ storeFile, recordingsFolder, switchKind }: Places): readonly CrossFault[] {
  return [...checkStoreFile(storeFile), ...checkRecordingsFolder(recordingsFolder, switchKind)];
}

function checkStoreFile(file: string): CrossFault[] {
  const path = ['store', 'file'];
  const cure = cureOf(path);
  if (existsSync(file)) {
    if (!statSync(file).isFile()) return [{ path, fault: `${file} is not a file.`, cure }];
    return mayWrite(file) && mayWrite(dirname(file)) ? [] : [{ path, fault: `${file} or its folder may not be written by this user.`, cure }];
  }
  let folder = dirname(file);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) return [{ path, fault: `${folder} is not a folder.`, cure }];
  return mayWrite(folder) ? [] : [{ path, fault: `${folder} may not be written by this user.`, cure }];
}

/** The group that the switch's packages give its files to is named as its kind. */
function checkRecordingsFolder(folder: string, switchKind: SwitchKind): CrossFault[] {
  const path = ['switch', 'recordingsFolder'];
  const cure = cureOf(path);
  if (!existsSync(folder)) {
    return [{ path, fault: `There is no folder ${folder}.`, cure: `${cure} When the switch runs elsewhere, mount its folder here.` }];
  }
  if (!statSync(folder).isDirectory()) return [{ path, fault: `${folder} is not a folder.`, cure }];
  return may(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    ? []
    : [{ path, fault: `${folder} may not be read and written by this user, who joins the two sides of each recording there.`, cure: `Put this user into the group ${switchKind} and give the group the right to write there.` }];
}

const mayWrite = (place: string): boolean => may(place, constants.W_OK);

function may(place: string, mode: number): boolean {
  try {
    accessSync(place, mode);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
