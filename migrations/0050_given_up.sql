-- A licence that could not be delivered is given up by a person, with a reason: its order is complete without it, and it is never charged.
-- Another order may take its place; which one is kept here, so that a second click finds the first one's.
alter table asset
  add column given_up_because text check (given_up_because <> '' and char_length(given_up_because) <= 500),
  add column given_up_by text,
  add column replaced_by_order_id uuid unique references sales_order;
alter table asset
  add check ((given_up_because is null) = (given_up_by is null)),
  add check (given_up_because is null or (state = 'cancelled' and provisioning = 'failed' and invoice_id is null)),
  add check (replaced_by_order_id is null or given_up_because is not null);
