import { busyDay, busySecond, dateText, lastDay, timeText } from './sample-calendar.ts';
import type { Customer, Product } from './sample-customers.ts';
import { sampleRandom, type SampleRandom } from './sample-random.ts';
import { key, money, sampleTable, type SampleTable } from './sample-table.ts';

/** What sessions need to know of an order. */
export interface Order {
  id: string;
  customer: Customer;
  day: number;
  channel: Channel;
}

type Channel = 'web' | 'mobile' | 'sales' | 'partner';

const channels = { web: 45, mobile: 20, sales: 25, partner: 10 };
const quantities: Record<Customer['segment'], [low: number, high: number]> = {
  small_business: [1, 3],
  mid_market: [1, 8],
  enterprise: [2, 25],
};

/** A customer who is there on `day`; some buy far more often than others. */
function buyer(random: SampleRandom, customers: readonly Customer[], day: number): Customer {
  const known = customers.findLastIndex(({ since }) => since <= day) + 1;
  return customers[random.earlyIndex(known)] ?? random.pick(customers);
}

/** Orders in the order of their days. */
export function makeOrders(
  customers: readonly Customer[],
  products: readonly Product[],
): { orders: Order[]; table: SampleTable } {
  const random = sampleRandom('orders');
  const days = Array.from({ length: 2000 }, () => busyDay(random)).toSorted((left, right) => left - right);
  const orders: Order[] = [];
  const rows = days.map((day, index) => {
    const customer = buyer(random, customers, day);
    const product = random.pick(products);
    const quantity = random.integer(...quantities[customer.segment]);
    const gross = quantity * product.price;
    const discount = random.chance(0.2) ? Math.round(gross * random.pick([0.05, 0.1, 0.15])) : 0;
    const order = { id: key('O', index + 1, 5), customer, day, channel: random.weighted(channels) };
    orders.push(order);
    return {
      order_id: order.id,
      customer_id: customer.id,
      product_id: product.id,
      order_date: dateText(day),
      status: orderStatus(random, day),
      channel: order.channel,
      quantity,
      unit_price: money(product.price),
      discount_amount: money(discount),
      total_amount: money(gross - discount),
    };
  });
  const money2 = 'DECIMAL(12,2)';
  const about = {
    name: 'orders',
    description: 'One row per order of one product, in USD; revenue counts those that are completed.',
    primaryKey: ['order_id'],
    types: { unit_price: money2, discount_amount: money2, total_amount: money2 },
  };
  return { orders, table: sampleTable(about, rows) };
}

function orderStatus(random: SampleRandom, day: number): string {
  if (day > lastDay - 7 && random.chance(0.6)) return 'pending';
  return random.weighted({ completed: 88, cancelled: 7, returned: 5 });
}

const stages = { lead: 0.1, qualified: 0.25, proposal: 0.5, negotiation: 0.75 };

/** Deals of the sales people, about a third of them won. */
export function makeOpportunities(customers: readonly Customer[]): SampleTable {
  const random = sampleRandom('opportunities');
  const rows = Array.from({ length: 320 }, () => busyDay(random))
    .toSorted((left, right) => left - right)
    .map((day, index) => {
      const customer = buyer(random, customers, day);
      const closing = day + random.integer(10, 120);
      const status = closing > lastDay ? 'open' : random.weighted({ won: 36, lost: 64 });
      const stage = status === 'open' ? random.pick(Object.keys(stages) as (keyof typeof stages)[]) : undefined;
      const factor = { small_business: 1, mid_market: 5, enterprise: 20 }[customer.segment];
      return {
        opportunity_id: key('D', index + 1, 4),
        customer_id: customer.id,
        owner: `rep-${random.integer(1, 6)}@example.com`,
        source: random.weighted({ inbound: 45, outbound: 30, partner: 15, event: 10 }),
        created_at: dateText(day),
        closed_at: status === 'open' ? null : dateText(closing),
        status,
        stage: stage ?? status,
        probability: (stage ? stages[stage] : status === 'won' ? 1 : 0).toFixed(2),
        deal_value: money(random.integer(80, 400) * 1000 * factor),
      };
    });
  const types = { probability: 'DECIMAL(3,2)', deal_value: 'DECIMAL(14,2)' };
  const description = 'One row per deal, in USD: open with a stage and its probability, or won or lost on closed_at.';
  return sampleTable({ name: 'opportunities', description, primaryKey: ['opportunity_id'], types }, rows);
}

/** Visits of the shop: some by known customers, some that end with an order of that day. */
export function makeSessions(customers: readonly Customer[], orders: readonly Order[]): SampleTable {
  const random = sampleRandom('sessions');
  const online = orders.filter(({ channel }) => channel === 'web' || channel === 'mobile');
  const converted = online.filter(() => random.chance(0.1)).map((order) => ({ day: order.day, order }));
  const others = Array.from({ length: 1500 - converted.length }, () => ({ day: busyDay(random), order: undefined }));
  const rows = [...converted, ...others]
    .toSorted((left, right) => left.day - right.day)
    .map(({ day, order }, index) => {
      const customer = order?.customer ?? (random.chance(0.4) ? buyer(random, customers, day) : undefined);
      const isBounce = !order && random.chance(0.38);
      const pages = isBounce ? 1 : random.integer(2, 18);
      return {
        session_id: key('V', index + 1, 5),
        customer_id: customer?.id ?? null,
        started_at: timeText(day, busySecond(random)),
        duration_seconds: isBounce ? random.integer(2, 30) : pages * random.integer(15, 75),
        pages_viewed: pages,
        device: order?.channel === 'mobile' || random.chance(0.35) ? 'mobile' : 'desktop',
        source: random.weighted({ search: 40, direct: 25, newsletter: 15, advertisement: 12, referral: 8 }),
        is_bounce: isBounce,
        order_id: order?.id ?? null,
      };
    });
  const description = 'One row per visit of the shop; order_id is set when the visit ended with an order.';
  return sampleTable({ name: 'sessions', description, primaryKey: ['session_id'], types: {} }, rows);
}
