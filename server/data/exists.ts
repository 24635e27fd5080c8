import { stat } from 'node:fs/promises';
import { errorCode } from '../refusal.ts';

/** Whether there is a file or a folder of this name. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
