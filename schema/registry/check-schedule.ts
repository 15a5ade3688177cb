import { checkSchedule, type ScheduleCheck as ScheduleCheckValue } from '../../src/registry/check-schedule.ts';
import { builder } from '../builder.ts';
import { pageSize } from '../paging.ts';

const ScheduleCheck = builder.objectRef<ScheduleCheckValue>('ScheduleCheck').implement({
  description: 'Whether a text is a schedule.',
  fields: (t) => ({
    fault: t.exposeString('fault', {
      nullable: true,
      description: 'What is wrong with the text, and what to write; null: it is a schedule.',
    }),
    dueTimes: t.field({
      type: ['DateTime'],
      description: 'The next instants that fit it, when it begins now; none when it is no schedule.',
      resolve: ({ dueTimes }) => [...dueTimes],
    }),
  }),
});

builder.queryField('checkSchedule', (t) =>
  t.field({
    type: ScheduleCheck,
    nullable: true,
    description: 'Reads a text as `registerTable` and `updateTable` read a schedule.',
    authScopes: { role: 'core.admin' },
    args: {
      schedule: t.arg.string({ required: true, description: 'Such as `every 15m`.' }),
      first: t.arg.int({ description: 'How many instants at most, 1 to 500; 50 unless given.' }),
    },
    resolve: (_root, { schedule, first }, { services }) =>
      checkSchedule(schedule, { from: services.clock.now(), limit: pageSize(first) }),
  }),
);
