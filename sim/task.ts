import { drawHistory } from './draw-history.ts';
import type { Fault } from './fault.ts';
import { fixedHistories } from './fixed-histories.ts';
import type { History } from './history.ts';
import { type Lived, liveThrough } from './live-through.ts';
import { shrink } from './shrink.ts';
import type { Broken } from './world.ts';

/** All that a run depends on. */
export interface Story {
  /** Draws who goes next. */
  seed: number;
  history: History;
  fault?: Fault;
}

/** What to live through: the history of a seed, a fixed one with something that goes wrong, or any other. */
export type Task = { seed: number } | { fixed: string; fault?: Fault } | { story: Story };

export interface Failure {
  task: Task;
  broken: Broken;
  /** A short one that breaks the same. */
  shrunk?: Story;
}

export function storyOf(task: Task): Story {
  if ('story' in task) return task.story;
  if ('seed' in task) return { seed: task.seed, history: drawHistory(task.seed) };
  const history = fixedHistories[task.fixed];
  if (history === undefined) throw new Error(`there is no history ${task.fixed}`);
  return { seed: 1, history, ...(task.fault === undefined ? {} : { fault: task.fault }) };
}

/** Lives through one history. */
export function live(task: Task): Promise<Lived> {
  const { seed, history, fault } = storyOf(task);
  return liveThrough(seed, history, fault);
}

/** The same failure in as few steps as could be found. */
export async function shortest(task: Task, { invariant }: Broken): Promise<Story> {
  const story = storyOf(task);
  return { ...story, history: await shrink(story.seed, story.history, invariant, story.fault) };
}
