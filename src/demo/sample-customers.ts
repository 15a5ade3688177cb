import { dateText, firstDaysOfMonths, lastDay } from './sample-calendar.ts';
import { sampleRandom } from './sample-random.ts';
import { key, money, sampleTable, type SampleTable, type SampleValue } from './sample-table.ts';

export type Segment = 'small_business' | 'mid_market' | 'enterprise';

/** What other tables need to know of a customer. */
export interface Customer {
  id: string;
  segment: Segment;
  /** May lie before the sample. */
  since: number;
  subscribed: boolean;
}

/** One product; money in cents. */
export interface Product {
  id: string;
  price: number;
}

const customerCount = 240;
const industries = ['bakery', 'clinic', 'workshop', 'school', 'farm', 'studio', 'library', 'garage'];
const countries = { US: 40, GB: 15, DE: 14, CZ: 10, FR: 9, NL: 7, PL: 5 };
const segments = { small_business: 60, mid_market: 28, enterprise: 12 };

/** The customers, in the order in which they came; a quarter was there before the sample begins. */
export function makeCustomers(): { customers: Customer[]; table: SampleTable } {
  const random = sampleRandom('customers');
  const days = Array.from({ length: customerCount }, (_, index) =>
    index < customerCount / 4 ? random.integer(-365, -1) : random.integer(0, lastDay - 20),
  ).toSorted((left, right) => left - right);
  const customers: Customer[] = [];
  const rows = days.map((since, index) => {
    const id = key('C', index + 1, 4);
    const segment = random.weighted(segments);
    const industry = random.pick(industries);
    customers.push({ id, segment, since, subscribed: random.chance(0.7) });
    return {
      customer_id: id,
      name: `Example ${industry} ${index + 1}`,
      email: `contact@customer-${index + 1}.example.com`,
      segment,
      industry,
      country: random.weighted(countries),
      created_at: dateText(since),
    };
  });
  const description = 'One row per customer, with segment, country and the day on which the customer came.';
  return {
    customers,
    table: sampleTable({ name: 'customers', description, primaryKey: ['customer_id'], types: {} }, rows),
  };
}

const categories: Record<string, [low: number, high: number]> = {
  hardware: [4900, 89_900],
  training: [9900, 49_900],
  support: [2900, 19_900],
  accessories: [900, 7900],
};

/** The products that orders name. */
export function makeProducts(): { products: Product[]; table: SampleTable } {
  const random = sampleRandom('products');
  const products: Product[] = [];
  const rows = Array.from({ length: 24 }, (_, index) => {
    const id = key('P', index + 1, 3);
    const category = Object.keys(categories)[index % 4] ?? '';
    const [low, high] = categories[category] ?? [0, 0];
    const price = Math.round(random.integer(low, high) / 100) * 100 - 1;
    products.push({ id, price });
    return {
      product_id: id,
      name: `${category} item ${index + 1}`,
      category,
      unit_price: money(price),
      unit_cost: money(Math.round(price * (0.35 + random.fraction() * 0.3))),
      is_active: !random.chance(0.1),
    };
  });
  const types = { unit_price: 'DECIMAL(12,2)', unit_cost: 'DECIMAL(12,2)' };
  const description = 'One row per product, with its category, price and cost in USD.';
  return { products, table: sampleTable({ name: 'products', description, primaryKey: ['product_id'], types }, rows) };
}

const plans = {
  starter: { seat: 1900, seats: [1, 5] },
  team: { seat: 3900, seats: [4, 20] },
  business: { seat: 6900, seats: [15, 80] },
} as const;
type Plan = keyof typeof plans;
const planOf: Record<Segment, Plan> = { small_business: 'starter', mid_market: 'team', enterprise: 'business' };
const nextPlan: Record<Plan, Plan> = { starter: 'team', team: 'business', business: 'business' };
const churnChance: Record<Plan, number> = { starter: 0.045, team: 0.025, business: 0.012 };

/** One row per subscription and month in which it was billed, and one in the month in which it was lost. */
export function makeSubscriptions(customers: readonly Customer[]): SampleTable {
  const rows = customers.filter(({ subscribed }) => subscribed).flatMap(billedMonths);
  return sampleTable(
    {
      name: 'subscriptions',
      description:
        'One row per subscription and month. mrr_amount is the monthly recurring revenue in USD, in a churned row that ' +
        'which was lost; delta_mrr is the change against the month before.',
      primaryKey: ['subscription_id', 'billing_date'],
      types: { mrr_amount: 'DECIMAL(12,2)', delta_mrr: 'DECIMAL(12,2)' },
    },
    rows,
  );
}

function billedMonths(customer: Customer): Record<string, SampleValue>[] {
  const random = sampleRandom(`subscription ${customer.id}`);
  let plan = planOf[customer.segment];
  let seats = random.integer(plans[plan].seats[0], plans[plan].seats[1]);
  let before = 0;
  const rows: Record<string, SampleValue>[] = [];
  for (const day of firstDaysOfMonths.filter((first) => first >= customer.since)) {
    const isFirst = rows.length === 0;
    const churned = !isFirst && random.chance(churnChance[plan]);
    let change = isFirst && customer.since >= 0 ? 'new' : 'renewal';
    if (churned) change = 'churn';
    else if (!isFirst && plan !== 'business' && random.chance(0.015)) {
      change = 'upgrade';
      plan = nextPlan[plan];
    } else if (!isFirst && random.chance(0.06)) {
      change = 'seat_add';
      seats += random.integer(1, 3);
    } else if (!isFirst && seats > 2 && random.chance(0.02)) {
      change = 'downgrade';
      seats -= 1;
    }
    const amount = churned ? before : seats * plans[plan].seat;
    const delta = churned ? -before : change === 'renewal' ? 0 : amount - before;
    rows.push({
      subscription_id: `S${customer.id.slice(1)}`,
      customer_id: customer.id,
      billing_date: dateText(day),
      plan,
      seats,
      status: churned ? 'churned' : 'active',
      change_type: change,
      mrr_amount: money(amount),
      delta_mrr: money(delta),
    });
    if (churned) break;
    before = amount;
  }
  return rows;
}
