-- Partial execution: the items ticked on a submitted order become an order of their own, which is executed, and which knows the order it
-- came from. Its items keep their ids and positions, so that line 3 of the one stays line 3 of the other.
alter table sales_order add column split_from_id uuid references sales_order check (split_from_id <> id);
create index sales_order_split_from on sales_order (split_from_id, id) where split_from_id is not null;

-- Who is told of a sub-order is told where it came from: the items of that order are fewer now.
create or replace function order_events() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform tell_webhooks('order.' || new.state, 'order', new.id, jsonb_build_object('number', new.number, 'state', new.state,
    'previousState', case when tg_op = 'UPDATE' then old.state end)
    || case when new.split_from_id is null then '{}' else jsonb_build_object('splitFromId', new.split_from_id) end);
  return null;
end $$;
