-- The list of payments is sorted by these; those that were taken back or paid back are few.
create index payment_received on payment (received_on, id);
create index payment_recorded on payment (recorded_at, id);
create index payment_amount on payment (currency, amount_minor, id);
create index payment_withdrawn on payment (received_on, id) where withdrawn_at is not null;
create index payment_paid_back on payment (received_on, id) where amount_minor < 0;

-- What an action on many rows is given as its reason, for those that ask for one.
alter table bulk_action add column reason text not null default '';

-- The id by which a job is found again; the queue keeps an index of it.
create function job_about(data jsonb) returns text language sql immutable parallel safe as $$
  select coalesce(data->>'mailId', data->>'orderId', data->>'assetId', data->>'subscriptionId', data->>'accountId', data->>'requestId')
$$;
grant execute on function job_about to emporion_seller, emporion_portal;

-- What one person ordered.
create index sales_order_placed_by on sales_order (placed_by, created_at, id);
