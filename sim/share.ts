import { type Failure, live, shortest, type Task } from './task.ts';

/** What one process is asked to live through, and what it says when it has. */
export interface Asked {
  tasks: Task[];
  /** Whether the first that fails is shrunk. */
  shrink: boolean;
}
export interface Said {
  lived: number;
  turns: number;
  requests: number;
  failures: Failure[];
}

/** Lives through what it is asked to. */
async function share({ tasks, shrink }: Asked): Promise<Said> {
  const said: Said = { lived: 0, turns: 0, requests: 0, failures: [] };
  for (const task of tasks) {
    const { broken, turns, requests } = await live(task);
    said.lived += 1;
    said.turns += turns;
    said.requests += requests;
    if (broken === null) continue;
    const isFirst = shrink && said.failures.length === 0;
    said.failures.push({ task, broken, ...(isFirst ? { shrunk: await shortest(task, broken) } : {}) });
  }
  return said;
}

process.on('message', async (asked: Asked) => process.send?.(await share(asked)));
