-- Webhooks: other systems of the seller are told what becomes of records. What happened is written by the database itself, in the
-- transaction in which it happens, whoever does it; a worker tells it afterwards (docs/decisions/0015).
create table webhook (
  id uuid primary key,
  name text not null check (name <> '' and char_length(name) <= 80),
  url text not null check (char_length(url) <= 2000),
  events text[] not null check (cardinality(events) > 0),
  state text not null default 'active' check (state in ('active', 'paused')),
  paused_because text, -- where nobody paused it but what its address answered
  secret_cipher bytea not null,
  -- The secret before this one: both sign until then, so that a receiver can change over.
  former_secret_cipher bytea,
  former_secret_until timestamptz,
  failing_since timestamptz, -- the first failure after the last success
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  check ((former_secret_cipher is null) = (former_secret_until is null)),
  check (state = 'paused' or paused_because is null)
);

-- One event on its way to one webhook. Its event is the same for all webhooks that are told of it, and for every try.
create table webhook_delivery (
  id uuid primary key default uuidv7(),
  webhook_id uuid not null references webhook on delete cascade,
  event_id uuid not null,
  event_type text not null,
  record_type text,
  record_id uuid,
  facts jsonb not null,
  happened_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  tries int not null default 0, -- since it was sent last by hand, or from the beginning
  last_tried_at timestamptz,
  next_try_at timestamptz,
  status int, -- of the last answer; null where none came
  answer text not null default '', -- the beginning of it, or why there was none
  delivered_at timestamptz,
  unique (webhook_id, event_id),
  check ((state = 'delivered') = (delivered_at is not null)),
  check (next_try_at is null or state = 'waiting')
);
create index webhook_delivery_of on webhook_delivery (webhook_id, id);
create index webhook_delivery_trouble on webhook_delivery (webhook_id, state, id) where state <> 'delivered';

alter table webhook enable row level security;
create policy seller on webhook to emporion_seller using (true) with check (true);
grant select, insert, update, delete on webhook to emporion_seller;
alter table webhook_delivery enable row level security;
create policy seller on webhook_delivery to emporion_seller using (true) with check (true);
grant select, insert, update, delete on webhook_delivery to emporion_seller;

-- Tells every active webhook that asks for this kind of event, and enqueues the work: the row platform/jobs.ts would write.
create function tell_webhooks(event_type text, record_type text, record_id uuid, facts jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare event uuid;
begin
  if not exists (select 1 from webhook where state = 'active' and tell_webhooks.event_type = any (events)) then return; end if;
  event := uuidv7();
  with told as (
    insert into webhook_delivery (webhook_id, event_id, event_type, record_type, record_id, facts, happened_at)
    select id, event, tell_webhooks.event_type, tell_webhooks.record_type, tell_webhooks.record_id, tell_webhooks.facts, now()
    from webhook where state = 'active' and tell_webhooks.event_type = any (events)
    returning id)
  insert into pgboss.job (name, data, keep_until, expire_seconds, deletion_seconds, retry_limit, retry_delay, retry_backoff,
    retry_delay_max, policy, dead_letter, heartbeat_seconds)
  select queue.name, jsonb_build_object('deliveryId', told.id), now() + queue.retention_seconds * interval '1 second',
    queue.expire_seconds, queue.deletion_seconds, queue.retry_limit, queue.retry_delay, queue.retry_backoff, queue.retry_delay_max,
    queue.policy, queue.dead_letter, queue.heartbeat_seconds
  from told join pgboss.queue on queue.name = 'deliver-webhook';
  perform pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), 'deliver-webhook');
end $$;
revoke all on function tell_webhooks from public;

-- What is told of each kind of record: who it is, and from which state to which. No name, no address, no price, no key.
create function order_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform tell_webhooks('order.' || new.state, 'order', new.id, jsonb_build_object('number', new.number, 'state', new.state,
    'previousState', case when tg_op = 'UPDATE' then old.state end));
  return null;
end $$;
create trigger sales_order_told after insert on sales_order for each row execute function order_events();
create trigger sales_order_told_of_change after update of state on sales_order for each row when (old.state <> new.state)
  execute function order_events();

-- Of a licence and of a subscription the state, and how far the vendor is.
create function licence_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  facts jsonb := jsonb_build_object('number', new.number, 'orderId', new.order_id, 'state', new.state, 'previousState', old.state,
    'provisioning', new.provisioning);
begin
  if new.provisioning <> old.provisioning and new.provisioning = 'synchronized' then
    perform tell_webhooks('asset.delivered', 'asset', new.id, facts);
  end if;
  if new.provisioning <> old.provisioning and new.provisioning = 'failed' then
    perform tell_webhooks('asset.failed', 'asset', new.id, facts);
  end if;
  if new.state <> old.state then
    perform tell_webhooks('asset.' || new.state, 'asset', new.id, facts);
  end if;
  return null;
end $$;
create trigger asset_told after update of state, provisioning on asset for each row
  when (old.state <> new.state or old.provisioning <> new.provisioning) execute function licence_events();

create function subscription_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  facts jsonb := jsonb_build_object('number', new.number, 'orderId', new.order_id, 'state', new.state, 'previousState', old.state,
    'provisioning', new.provisioning, 'termNumber', new.term_number);
begin
  if new.provisioning <> old.provisioning and new.provisioning = 'failed' then
    perform tell_webhooks('subscription.failed', 'subscription', new.id, facts);
  end if;
  if new.state <> old.state then
    perform tell_webhooks('subscription.' || new.state, 'subscription', new.id, facts);
  end if;
  if new.term_number > old.term_number then
    perform tell_webhooks('subscription.renewed', 'subscription', new.id, facts);
  end if;
  return null;
end $$;
create trigger subscription_told after update of state, provisioning, term_number on subscription for each row
  when (old.state <> new.state or old.provisioning <> new.provisioning or old.term_number <> new.term_number)
  execute function subscription_events();

create function invoice_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform tell_webhooks('invoice.issued', 'invoice', new.id, jsonb_build_object('number', new.number, 'kind', new.kind, 'state', new.state));
  return null;
end $$;
create trigger invoice_told after insert or update of state on invoice for each row when (new.state = 'issued')
  execute function invoice_events();

-- Paid is what nothing is open of any more, whether by payments or by credits; one that is withdrawn opens it again.
create function receivable_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform tell_webhooks(case when new.open_minor = 0 then 'invoice.paid' else 'invoice.reopened' end, 'invoice', new.invoice_id,
    (select jsonb_build_object('number', number, 'kind', kind, 'state', state) from invoice where id = new.invoice_id));
  return null;
end $$;
create trigger receivable_told after update of open_minor on receivable for each row
  when ((old.open_minor = 0) <> (new.open_minor = 0)) execute function receivable_events();

create function account_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform tell_webhooks(
    case when tg_op = 'INSERT' then 'account.created' when new.state = 'active' then 'account.unblocked' else 'account.' || new.state end,
    'account', new.id, jsonb_build_object('number', new.number, 'kind', new.kind, 'state', new.state,
      'previousState', case when tg_op = 'UPDATE' then old.state end));
  return null;
end $$;
create trigger account_told after insert on account for each row execute function account_events();
create trigger account_told_of_change after update of state on account for each row when (old.state <> new.state)
  execute function account_events();
