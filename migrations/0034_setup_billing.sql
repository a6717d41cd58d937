-- What Setup > Billing edits: taxes by country and kind of product, numbers of documents, how each kind of product is cancelled, and how
-- customers pay. What is ordered or issued holds copies, so none of this moves it.

-- A rate for one kind of product goes before that for all. A rate that ends is not followed by the one before it.
alter table tax_rate add column product_type text not null default 'all'
  check (product_type in ('all', 'esd', 'subscription', 'perpetual'));
alter table tax_rate add column valid_to date check (valid_to >= valid_from);
alter table tax_rate drop constraint tax_rate_pkey, add primary key (country, product_type, valid_from);

-- Numbers: `{year}` and `{number}` stand for what changes. A series that begins anew every year has the year in its numbers, so that no
-- number comes twice.
alter table number_series add column format text;
update number_series set format = prefix || '{number}';
alter table number_series alter column format set not null;
alter table number_series drop column prefix;
alter table number_series add constraint number_series_format
  check (format ~ '^[A-Za-z0-9/._{} -]{1,60}$' and format ~ '^[^{}]*(\{year\}[^{}]*)?\{number\}[^{}]*$');
alter table number_series add column digits int not null default 6 check (digits between 1 and 12);
alter table number_series add column restarts_yearly boolean not null default false;
alter table number_series add column year int; -- the one its counter belongs to; null where it never begins anew
alter table number_series add column version int not null default 1;
alter table number_series add constraint number_series_restart check (not restarts_yearly or format like '%{year}%');
create unique index number_series_formats on number_series (legal_entity_id, format);

-- How a kind of product is cancelled, from a moment on: a term keeps the window it began with.
alter table cancellation_policy add column valid_from timestamptz not null default '-infinity';
alter table cancellation_policy add column changed_by text not null default 'system';
alter table cancellation_policy drop constraint cancellation_policy_pkey, add primary key (kind, valid_from);
alter table cancellation_policy drop constraint cancellation_policy_kind_check,
  add constraint cancellation_policy_kind_check check (kind in ('esd', 'subscription', 'perpetual'));
-- A licence's window is its product's, or the vendor's; a customer's wish waits for somebody's decision unless this says otherwise.
insert into cancellation_policy (kind, window_hours, full_refund_hours, executes_by_itself) values ('esd', 720, 720, false);
-- Cancelling software needs nobody's decision (product.md S9).
alter table cancellation_policy add constraint cancellation_policy_by_itself check (kind = 'esd' or executes_by_itself);
