-- What people add to records of any kind: notes, and what they opened lately. Both are the seller's own: no account ever sees them.
create table note (
  id uuid primary key,
  record_type text not null check (record_type in ('account', 'order', 'asset', 'subscription', 'invoice', 'product', 'product-group',
    'price-list', 'volume-discount', 'promotion', 'conversion-rule', 'price-sheet', 'instance', 'user')),
  record_id uuid not null,
  author_id uuid not null references app_user,
  author_name text not null, -- as it was when the note was written
  text text not null check (text <> '' and char_length(text) <= 4000),
  written_at timestamptz not null,
  changed_at timestamptz
);
create index note_of on note (record_type, record_id, id);

-- The last records a person opened: a row each, so that what is opened again moves and does not pile up.
create table recent_record (
  user_id uuid not null references app_user on delete cascade,
  record_type text not null,
  record_id uuid not null,
  opened_at timestamptz not null,
  primary key (user_id, record_type, record_id)
);

alter table note enable row level security;
create policy seller on note to emporion_seller using (true) with check (true);
-- Of whom and about what a note is never changes.
grant select, insert, delete, update (text, changed_at) on note to emporion_seller;
alter table recent_record enable row level security;
create policy seller on recent_record to emporion_seller using (true) with check (true);
grant select, insert, update, delete on recent_record to emporion_seller;

-- A record that can be removed takes its notes along; the audit log keeps what they said.
create function forget_record() returns trigger language plpgsql as $$
begin
  delete from note where record_type = tg_argv[0] and record_id = old.id;
  delete from recent_record where record_type = tg_argv[0] and record_id = old.id;
  return null;
end $$;
create trigger record_forgotten after delete on product_group for each row execute function forget_record('product-group');
create trigger record_forgotten after delete on price_list for each row execute function forget_record('price-list');
create trigger record_forgotten after delete on volume_discount for each row execute function forget_record('volume-discount');
create trigger record_forgotten after delete on promotion for each row execute function forget_record('promotion');
create trigger record_forgotten after delete on conversion_rule for each row execute function forget_record('conversion-rule');
create index recent_record_of on recent_record (record_type, record_id); -- found by what was removed

-- The audit log of one kind of record. That of one record has its index (`audit_subject`).
create index audit_kind on audit_entry (subject_type, id);
