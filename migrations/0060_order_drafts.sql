-- A draft is the seller's alone: nobody else sees it, and nothing follows from it until it is submitted. A draft that was cancelled was
-- never placed, and stays unseen; an order that went back to be edited was.
alter table sales_order add column was_placed boolean not null default true;
alter table sales_order add constraint sales_order_placed check (was_placed or state in ('draft', 'cancelled'));

alter policy portal on sales_order
  using (billing_to_id = scope_account() and was_placed and state <> 'draft')
  with check (billing_to_id = scope_account() and was_placed and state <> 'draft');

-- What waits is submitted; drafts wait for whoever writes them, and have a filter of their own.
drop index sales_order_waiting;
create index sales_order_waiting on sales_order (created_at, id) where state = 'submitted';
create index sales_order_draft on sales_order (created_at, id) where state = 'draft';
