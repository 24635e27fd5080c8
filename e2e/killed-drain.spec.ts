import { expect, test } from './fixtures/atlas-test.ts';
import { allThere, drainKilled, type Moment, type Victim } from './fixtures/killed-drain.ts';

const runs: [Victim, Moment, seed: number][] = [
  ['worker', 'last write', 1],
  ['worker', 'any time', 2],
  ['browser', 'last write', 3],
  ['browser', 'before applied', 4],
  ['browser', 'after applied', 5],
];

for (const [victim, moment, seed] of runs) {
  test(`nothing is lost or sent twice when the ${victim} is killed while a backlog is sent: ${moment}`, async ({
    device,
    person,
    server,
  }) => {
    const a = await device({ onDisk: true });
    await a.signsIn(person);
    const found = await drainKilled({
      device: a,
      server,
      person,
      messages: 40,
      victim,
      moment,
      seed,
      textsOn: async (one) => {
        await one.opensConversation(`${seed}-0`);
        return one.texts();
      },
    });
    expect(found).toEqual(allThere);
  });
}
