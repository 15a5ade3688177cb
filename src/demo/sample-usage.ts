import { activity, busyDay, busySecond, dateText, lastDay, timeText } from './sample-calendar.ts';
import type { Customer } from './sample-customers.ts';
import { sampleRandom } from './sample-random.ts';
import { key, money, sampleTable, type SampleTable } from './sample-table.ts';

const features = { dashboard: 34, query: 26, export: 14, alert: 11, sharing: 9, api: 6 };

/** What users did in the product; a few are colleagues. */
export function makeUserEvents(customers: readonly Customer[]): SampleTable {
  const random = sampleRandom('user_events');
  const rows = Array.from({ length: 3000 }, () => busyDay(random))
    .toSorted((left, right) => left - right)
    .map((day, index) => {
      const isInternal = random.chance(0.04);
      const known = customers.filter(({ since, subscribed }) => subscribed && since <= day);
      const customer = isInternal ? undefined : known[random.earlyIndex(known.length)];
      const feature = random.weighted(features);
      return {
        event_id: key('E', index + 1, 6),
        user_id: customer ? `U${customer.id.slice(1)}-${random.integer(1, 3)}` : `U-internal-${random.integer(1, 8)}`,
        customer_id: customer?.id ?? null,
        event_date: dateText(day),
        event_at: timeText(day, busySecond(random)),
        event_name: `${feature}_${random.weighted({ opened: 60, used: 30, shared: 10 })}`,
        feature,
        platform: random.weighted({ web: 70, mobile: 20, api: 10 }),
        is_internal: isInternal,
      };
    });
  const description = 'One row per thing that a user did in the product; is_internal marks those of colleagues.';
  return sampleTable({ name: 'user_events', description, primaryKey: ['event_id'], types: {} }, rows);
}

const hoursByPriority = { urgent: 5, high: 14, normal: 36, low: 80 };

/** Requests for help; the recent ones are partly still open. */
export function makeTickets(customers: readonly Customer[]): SampleTable {
  const random = sampleRandom('tickets');
  const rows = Array.from({ length: 520 }, () => busyDay(random))
    .toSorted((left, right) => left - right)
    .map((day, index) => {
      const second = busySecond(random);
      const priority = random.weighted({ urgent: 8, high: 22, normal: 50, low: 20 });
      const minutes = Math.ceil(hoursByPriority[priority] * 60 * (0.15 + random.earlyIndex(2000) / 1000));
      const responseMinutes = Math.ceil(minutes * (0.05 + random.fraction() * 0.3));
      const isAnswered = day + responseMinutes / 1440 < lastDay - 1;
      const isResolved = day + minutes / 1440 < lastDay - 1 && !random.chance(0.03);
      return {
        ticket_id: key('T', index + 1, 4),
        customer_id: random.pick(customers.filter(({ since }) => since <= day)).id,
        category: random.weighted({ question: 40, defect: 30, billing: 18, access: 12 }),
        priority,
        channel: random.weighted({ email: 50, chat: 35, phone: 15 }),
        status: isResolved ? 'resolved' : random.pick(['open', 'waiting']),
        created_at: timeText(day, second),
        first_response_at: isAnswered ? timeText(day, second + responseMinutes * 60) : null,
        resolved_at: isResolved ? timeText(day, second + minutes * 60) : null,
        resolution_hours: isResolved ? (minutes / 60).toFixed(2) : null,
        satisfaction_score: isResolved && random.chance(0.6) ? random.pick([5, 5, 5, 4, 4, 3, 2, 1]) : null,
      };
    });
  const types = { resolution_hours: 'DECIMAL(8,2)' };
  const description = 'One row per request for help; resolution_hours runs from created_at to resolved_at.';
  return sampleTable({ name: 'tickets', description, primaryKey: ['ticket_id'], types }, rows);
}

const services = [
  { provider: 'cloud-a', service: 'compute', cents: 9000 },
  { provider: 'cloud-a', service: 'storage', cents: 3500 },
  { provider: 'cloud-b', service: 'compute', cents: 4200 },
];

/** What the machines cost each day: they follow the customers, and storage only grows. */
export function makeInfrastructureCosts(customers: readonly Customer[]): SampleTable {
  const random = sampleRandom('infra_costs');
  const rows = Array.from({ length: lastDay + 1 }, (_, day) => day).flatMap((day) => {
    const growth = customers.filter(({ since }) => since <= day).length / customers.length;
    return services.map(({ provider, service, cents }) => {
      const load = service === 'storage' ? 1 : 0.7 + 0.3 * activity(day);
      return {
        usage_date: dateText(day),
        provider,
        service,
        environment: 'production',
        cost_usd: money(Math.round(cents * growth * load * (0.95 + random.fraction() * 0.1))),
      };
    });
  });
  const description = 'One row per day, provider and service, in USD.';
  const primaryKey = ['usage_date', 'provider', 'service'];
  return sampleTable({ name: 'infra_costs', description, primaryKey, types: { cost_usd: 'DECIMAL(12,2)' } }, rows);
}
