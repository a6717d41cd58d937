-- Notifications of the seller's own making beside those that came with the system: each hangs on an event and may ask for conditions.
-- Several may hang on one event. The database notices the events already, for webhooks; in the same transaction it enqueues the mails'
-- job for each notification that is active for it, so no flow has to know of them and none can forget them.
alter table notification
  add column event text, -- what sends it; null for those that came with the system, which their flows ask for by code
  add column conditions jsonb not null default '{}',
  add column language text not null default 'en' check (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'), -- of its own words
  add column deleted_at timestamptz, -- its mails stay in the log
  add check (deleted_at is null or (event is not null and not is_active));
create index notification_event on notification (event) where event is not null and is_active;

-- `occurrence` tells what may happen to a record more than once; `happened_at`: leaves out what was activated after it.
create function tell_notifications(told_event text, record_id uuid, occurrence text default '', happened_at timestamptz default null)
  returns void language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select 1 from notification where event = told_event and is_active) then return; end if;
  insert into pgboss.job (name, data, keep_until, expire_seconds, deletion_seconds, retry_limit, retry_delay, retry_backoff,
    retry_delay_max, policy, dead_letter, heartbeat_seconds)
  select queue.name, jsonb_build_object('code', notification.code, 'recordId', record_id, 'occurrence', occurrence),
    now() + queue.retention_seconds * interval '1 second', queue.expire_seconds, queue.deletion_seconds, queue.retry_limit,
    queue.retry_delay, queue.retry_backoff, queue.retry_delay_max, queue.policy, queue.dead_letter, queue.heartbeat_seconds
  from notification join pgboss.queue on queue.name = 'mail-event'
  where event = told_event and is_active and (happened_at is null or in_force_since <= happened_at);
  perform pg_notify('pgboss_' || left(encode(sha224('pgboss'::bytea), 'hex'), 24), 'mail-event');
end $$;
revoke all on function tell_notifications from public;
grant execute on function tell_notifications to emporion_seller;

-- What happens is told to webhooks and to notifications alike.
create or replace function tell_webhooks(event_type text, record_type text, record_id uuid, facts jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare event uuid;
begin
  perform tell_notifications(
    case when facts->>'kind' = 'credit' then replace(event_type, 'invoice.', 'credit-invoice.') else event_type end, record_id,
    case when event_type = 'subscription.renewed' then facts->>'termNumber' else '' end);
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

-- Somebody of a company who was invited has chosen a password.
create function user_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform tell_notifications('user.activated', new.id);
  return null;
end $$;
create trigger app_user_told after update of password_hash on app_user for each row
  when (old.password_hash is null and new.password_hash is not null and new.account_id is not null) execute function user_events();
