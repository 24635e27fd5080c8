import { measureListening } from './measure-listening.ts';
import { measurePushes } from './measure-pushes.ts';

/**
 * `npm run bench:realtime [-- --quick]`: a thousand devices that listen at one server, how soon they hear of a change and
 * what they cost it, and what telling them costs a push. `--quick` only tries out that everything runs.
 */
const quick = process.argv.includes('--quick');
const start = Date.now();
const say = (what: string) => {
  process.stdout.write(`${String(Math.round((Date.now() - start) / 1_000)).padStart(4)} s  ${what}\n`);
};

const listening = await measureListening(quick ? 60 : 1_000, quick ? 20 : 1_000, say);
const pushes = await measurePushes({ clients: 8, rounds: quick ? 1 : 7, milliseconds: quick ? 200 : 1_500 }, say);
const least = (way: 'byServer' | 'realtimeSend') => Math.min(pushes.thisDisk[way].share, pushes.slowDisk[way].share);
const demands: [what: string, met: boolean][] = [
  ['a device hears of a change within 100 ms, in 19 of 20 cases', listening.heardAfter.p95 <= 100],
  ['a socket takes at most 60 kB of the server', listening.kilobytesEach <= 60],
  ['telling by the server leaves 0.85 of the pushes', least('byServer') >= 0.85],
  ['telling by realtime.send leaves 0.8 of the pushes', least('realtimeSend') >= 0.8],
];
const missed = quick ? [] : demands.flatMap(([what, met]) => (met ? [] : [what]));
process.stdout.write(`${JSON.stringify({ bench: 'realtime', quick, listening, pushes, missed })}\n`);
// Set outright: what starts PostgreSQL ends the process by a hook of its own, with 0.
process.exit(missed.length === 0 ? 0 : 1);
