import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStatementWorld, openWatchedPool, type StatementWorld, type WatchedPool } from './statement-world.ts';

/** Statements that analysts write, each with its whole answer. */
const honest: [statement: string, rows: unknown[][]][] = [
  ['SELECT\n\tid\nFROM shop.orders\nWHERE id = 1', [[1]]],
  ['select id from Shop."ORDERS" where id = 2', [[2]]],
  ['from orders select id order by id limit 2', [[1], [2]]],
  ['FROM shop.orders LIMIT 0', []],
  ["select ';', 'it''s; drop table x' ;", [[';', "it's; drop table x"]]],
  [
    "select '/home' as folder, 'https://example.com/a' as url -- a comment; with a semicolon",
    [['/home', 'https://example.com/a']],
  ],
  ['select 1 as payload, 2 as last_update, 3 as is_delete, 4 as comments', [[1, 2, 3, 4]]],
  ['values (1), (2)', [[1], [2]]],
  [
    'table shop.prices',
    [
      ['eu', '2024-01-01T00:00:00', '1.0'],
      ['eu', '2024-02-01T00:00:00', '1.5'],
      ['us', '2024-01-02T00:00:00', '2.0'],
    ],
  ],
  [
    'select * exclude (placed_at, tags, amount, region) replace (upper(customer) as customer) from orders where id < 2',
    [[1, 'ADA', 'eu']],
  ],
  ["select * exclude (profile, address) rename (name as who) from crm.customers where name like 'a%'", [['ada', 1815]]],
  ["select columns('^(id|country)$') from orders where id = 5", [[5, 'eu']]],
  ["select max(columns([x for x in (*) if x in ('id', 'amount')])) from orders", [[5, '99.99']]],
  ["select columns(c -> c like 'i%') from orders where id = 3", [[3]]],
  ["select coalesce(*columns('customer|country')) from orders where id = 3", [['ada']]],
  [
    'select country, sum(amount), count(*) filter (where amount > 15) from orders group by all order by all',
    [
      ['eu', '115.74', '1'],
      ['us', '60.00', '2'],
    ],
  ],
  [
    'select country, customer, count(*), grouping(customer) from orders group by grouping sets ((country), (country, customer), ()) order by 1 nulls last, 2 nulls last',
    [
      ['eu', 'ada', '2', '0'],
      ['eu', 'bob', '1', '0'],
      ['eu', null, '3', '1'],
      ['us', 'bob', '1', '0'],
      ['us', 'cyd', '1', '0'],
      ['us', null, '2', '1'],
      [null, null, '5', '1'],
    ],
  ],
  [
    'select country, count(*) from orders group by rollup (country) having count(*) > 2 order by 2',
    [
      ['eu', '3'],
      [null, '5'],
    ],
  ],
  [
    "select count(distinct customer), string_agg(distinct customer, ',' order by customer) from orders",
    [['3', 'ada,bob,cyd']],
  ],
  [
    'select arg_max(id, amount), median(id), mode(country), quantile_cont(id, 0.5), percentile_cont(0.5) within group (order by id) from orders',
    [[5, 3, 'eu', 3, 3]],
  ],
  [
    'select id from orders qualify row_number() over (partition by customer order by amount desc) = 1 order by id',
    [[1], [4], [5]],
  ],
  [
    'select id, sum(id) over (order by id rows between 1 preceding and current row exclude current row) from orders order by id limit 2',
    [
      [1, null],
      [2, '1'],
    ],
  ],
  [
    'select id, lag(id, 1, 0) over w, first_value(id) over w, ntile(2) over w, rank() over w from orders window w as (order by id) order by id limit 2',
    [
      [1, 0, 1, '1', '1'],
      [2, 1, 1, '1', '2'],
    ],
  ],
  [
    'select id, count(*) over (order by placed_at range between interval 40 days preceding and current row) from orders order by id',
    [
      [1, '1'],
      [2, '2'],
      [3, '3'],
      [4, '3'],
      [5, '2'],
    ],
  ],
  [
    'select o.id, p.factor from orders o asof join shop.prices p on o.country = p.country and o.placed_at >= p.since order by o.id',
    [
      [1, '1.0'],
      [2, '2.0'],
      [3, '1.5'],
      [4, '2.0'],
      [5, '1.5'],
    ],
  ],
  ['select o.id from orders o semi join crm.customers c on o.customer = c.name order by all', [[1], [2], [3], [5]]],
  ['select o.id from orders o anti join crm.customers c on o.customer = c.name', [[4]]],
  [
    'select id, tag from orders, unnest(tags) as t(tag) order by all limit 2',
    [
      [1, 'new'],
      [1, 'web'],
    ],
  ],
  ['select id, doubled from orders, lateral (select id * 2 as doubled) where id = 2', [[2, 4]]],
  ['select * from (select 1 as a) natural full outer join (select 2 as a) order by a', [[1], [2]]],
  [
    'select * from range(2) as a(x) positional join range(5, 7) as b(y)',
    [
      ['0', '5'],
      ['1', '6'],
    ],
  ],
  [
    "pivot orders on country in ('eu', 'us') using sum(amount) group by customer order by customer",
    [
      ['ada', '15.75', null],
      ['bob', '99.99', '20.00'],
      ['cyd', null, '40.00'],
    ],
  ],
  [
    'unpivot (select id, customer, country from orders where id = 1) on customer, country into name what value said',
    [
      [1, 'customer', 'ada'],
      [1, 'country', 'eu'],
    ],
  ],
  ['with t as (select id from orders), u as (select max(id) as m from t) select m from u', [[5]]],
  ['with orders as (select 42 as id) select id from orders', [[42]]],
  [
    'with o as (with orders as (select 7 as id) from orders) select o.id, count(*) from o, orders group by all',
    [[7, '5']],
  ],
  ['with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select sum(i) from n', [['15']]],
  [
    "with recursive best(k, v) using key (k) as (select 'a', 1 union select k, v + 1 from recurring.best where v < 3) select v from best",
    [[3]],
  ],
  ['with m as materialized (select 1 as x) select (select x from m), exists (from m where x = 2)', [[1, false]]],
  [
    'select id from orders where customer in (select name from crm.customers) and amount > all (select 10) order by id',
    [[1], [2], [5]],
  ],
  ['(select 1 as a union select 1) union all by name (select 2 as a) order by a', [[1], [2]]],
  ['select unnest([1, 2, 2]) except select 2 intersect select 2', [[1]]],
  [
    'select distinct on (country) country, id from orders order by country, id desc',
    [
      ['eu', 5],
      ['us', 4],
    ],
  ],
  [
    'select list_transform([1, 2, 3], x -> x * 2), list_filter([1, 2, 3], lambda x: x > 1), [x + 1 for x in [1, 2] if x > 1]',
    [[[2, 4, 6], [2, 3], [3]]],
  ],
  [
    "select list_reduce([1, 2, 3], (a, b) -> a + b), list_sort([2, 1]), list_aggregate([1, 2], 'sum'), [1, 2, 3][2:3], flatten([[1], [2]])",
    [[6, [1, 2], '3', [2, 3], [1, 2]]],
  ],
  [
    "select address.city, address['zip'], struct_pack(a := 1), {'b': [1]}.b from crm.customers where name = 'ada'",
    [['London', 'W1', { a: 1 }, [1]]],
  ],
  ["select map {'k': 1}['k'], map_keys(map {'k': 1}), cardinality(map {'k': 1, 'l': 2})", [[1, ['k'], '2']]],
  [
    "select profile -> '$.langs', profile ->> 'vip', json_array_length(profile, 'langs'), json_extract_string(profile, '$.langs[0]') from crm.customers order by name limit 1",
    [['["en","fr"]', 'true', '2', 'en']],
  ],
  [
    'select key, value from json_each(\'{"a": 1, "b": [2]}\')',
    [
      ['a', '1'],
      ['b', '[2]'],
    ],
  ],
  [
    "select regexp_extract('order 42', '(\\d+)', 1), regexp_replace('aXbX', 'X', '-', 'g'), 'abc' ~ '[a-c]+', 'abc' similar to 'a.*', 'ABC' ilike 'a%', 'abc' glob 'a*'",
    [['42', 'a-b-', true, true, true, true]],
  ],
  [
    "select date_trunc('month', placed_at), extract(year from placed_at), strftime(placed_at, '%d.%m.%Y'), date_diff('day', placed_at, timestamp '2024-03-20'), placed_at + interval 1 day from orders where id = 5",
    [['2024-03-01T00:00:00', '2024', '15.03.2024', '5', '2024-03-16T14:00:00']],
  ],
  [
    "select timestamp '2024-07-01 12:00:00' at time zone 'Europe/Prague', time_bucket(interval 2 hours, timestamp '2024-01-01 03:30:00')",
    [['2024-07-01T10:00:00Z', '2024-01-01T02:00:00']],
  ],
  [
    "select case when 1 between 0 and 2 then 'in' else 'out' end, try_cast('x' as int), try(1 // 0), if(true, 1, 2), nullif(1, 1), greatest(1, 3), 1 is distinct from null",
    [['in', null, null, 1, null, 3, true]],
  ],
  [
    "select 'Straße' collate de < 'Strasz', 'a' || 1, 7 // 2, 7 % 4, 2 ** 3, -5, @ -3, 5!, ~1, 1 << 3",
    [[true, 'a1', 3, 3, 8, -5, 3, '120', -2, 8]],
  ],
  [
    "select format('{:,}', 1234567), printf('%05d', 42), lpad('7', 3, '0'), split_part('a-b', '-', 2), 'abc'[1:2], left('abc', 2)",
    [['1,234,567', '00042', '007', 'b', 'ab', 'ab']],
  ],
  ["select name.upper(), ('ab').length() from crm.customers order by name limit 1", [['ADA', '2']]],
  [
    "select 'a'::enum ('a', 'b'), 1::decimal(10, 2), '[1, 2]'::int[], [1, 2]::int[2], cast({'a': 1} as struct(a varchar)), 'true'::json",
    [['a', '1.00', [1, 2], [1, 2], { a: '1' }, 'true']],
  ],
  ['select count(*) from range(1, 101)', [['100']]],
  ["select count(*) from generate_series(date '2024-01-01', date '2024-01-31', interval 1 day)", [['31']]],
  ['select count(*) = 5 from orders using sample 100%', [[true]]],
  ['select x from range(3) with ordinality as t(x, n) where n = 3', [['2']]],
  ['select #1 from (select 5)', [[5]]],
  ['select id from orders order by id limit (select 1) offset 1', [[2]]],
  ['select o.* from (from orders select id, region) as o(number, place) where number = 4', [[4, 'r2']]],
  ['select "user" from (select 1 as "user")', [[1]]],
];

let world: StatementWorld;
let pool: WatchedPool;

beforeAll(async () => {
  world = await createStatementWorld();
  pool = openWatchedPool({ size: 1 });
});

afterAll(async () => {
  await pool.close();
  world.remove();
});

describe('an honest statement gets its answer', () => {
  test.each(honest)('%s', async (statement, rows) => {
    const result = await pool.run({ catalog: world.catalog, statement, limit: 100 });
    expect(result.rows).toEqual(rows);
    expect(result.truncated).toBe(false);
  });
});

test('a result names its columns, their types as DuckDB writes them, and the tables it read', async () => {
  const statement =
    'select o.id, c.profile, c.address, [1.5] as list from orders o join crm.customers c on c.name = o.customer';
  const { columns, tables } = await pool.run({ catalog: world.catalog, statement, limit: 1 });
  expect(columns).toEqual([
    { name: 'id', type: 'INTEGER' },
    { name: 'profile', type: 'JSON' },
    { name: 'address', type: 'STRUCT(city VARCHAR, zip VARCHAR)' },
    { name: 'list', type: 'DECIMAL(2,1)[]' },
  ]);
  expect(tables).toEqual(['crm.customers', 'shop.orders']);
});
