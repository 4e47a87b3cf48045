import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { SheetJob } from './policy/sheets/sheet-job';
import { SheetReading } from './policy/sheets/sheet-reading';

// Files, not modules: a thread starts in a fifth of the time without the framework behind their front doors.
/** A thread that reads one file a person sent: gets its pieces and asks for the next, answers what is in it. */
// Auctions come first. Only on Linux does this mean the thread and not the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const reading = new SheetReading(workerData as SheetJob);
parentPort?.on('message', (piece: Uint8Array | null) => {
  const answer = piece === null ? reading.end() : reading.take(piece);
  parentPort?.postMessage(answer ?? null);
});
parentPort?.postMessage(null);
