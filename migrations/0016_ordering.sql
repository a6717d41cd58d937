-- Ordering with the price engine. An order has one currency: a basket becomes one order per end customer and currency.

-- The full explanation of a line's price, from which it can be computed again; it holds costs. A portal's views cannot read it: their
-- role has its columns of order_item granted one by one (0008), and this one is not among them.
alter table order_item add column pricing jsonb;

drop index sales_order_basket;
create unique index sales_order_basket on sales_order (basket_id, end_customer_id, currency);
-- When its prices were calculated last; null: when it was placed.
alter table sales_order add column quoted_at timestamptz;

-- Of the price the buyer saw last: software is priced in the end customer's currency, ESD licences in the payer's.
alter table basket_item add column currency char(3);
update basket_item set currency = basket.currency from basket where basket.id = basket_item.basket_id;
alter table basket_item alter column currency set not null;
-- What was shown before the end customer was known, and which country it was assumed for; kept, so that the difference can be shown.
alter table basket_item add column indicative_price numeric(20, 6);
alter table basket_item add column indicative_currency char(3);
alter table basket_item add column indicative_country char(2);
alter table basket_item add constraint basket_item_indicative check (
  num_nulls(indicative_price, indicative_currency, indicative_country) in (0, 3)
);

alter table plan add column if not exists min_quantity int not null default 1 check (min_quantity >= 1);
