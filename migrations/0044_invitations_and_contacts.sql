-- Whoever was invited and has not chosen a password yet is told so wherever people are listed, an account's own lists included, where a
-- password's hash can never be read.
alter table app_user add column is_invited boolean not null generated always as (password_hash is null) stored;
alter table app_user add column invitation_expires_at timestamptz; -- until when the newest invitation's link works
update app_user set invitation_expires_at = (
  select max(expires_at) from password_reset where user_id = app_user.id and used_at is null) where password_hash is null;
alter table app_user add constraint app_user_invitation check (invitation_expires_at is null or password_hash is null);
grant select (is_invited, invitation_expires_at) on app_user to emporion_portal, emporion_portal_read;

-- An invitation that is withdrawn removes somebody who never came in. Their mails stay in the log, and are found by whom they were for.
alter table mail drop constraint mail_user_id_fkey;
alter table mail add constraint mail_user_id_fkey foreign key (user_id) references app_user on delete set null;
create index mail_user on mail (user_id) where user_id is not null;
alter table password_reset drop constraint password_reset_user_id_fkey;
alter table password_reset add constraint password_reset_user_id_fkey foreign key (user_id) references app_user on delete cascade;
create trigger record_forgotten after delete on app_user for each row execute function forget_record('user');

-- People of a company who do not sign in: whom to write to or to call, and about what. Who gets copies of key mails is kept where it was,
-- in account.copy_key_mails_to.
create table account_contact (
  id uuid primary key,
  account_id uuid not null references account,
  role text not null check (role in ('billing', 'technical', 'general')),
  name text not null check (name <> '' and char_length(name) <= 120),
  email text not null check (email <> '' and char_length(email) <= 254),
  phone text not null default '' check (char_length(phone) <= 40), -- E.164
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index account_contact_once on account_contact (account_id, lower(email), role);
create index account_contact_name on account_contact (account_id, lower(name), id);
create trigger contact_of_merged before insert on account_contact for each row execute function refuse_merged_account();

alter table account_contact enable row level security;
create policy seller on account_contact to emporion_seller using (true) with check (true);
grant select, insert, update, delete on account_contact to emporion_seller;
create policy portal on account_contact to emporion_portal, emporion_portal_read
  using (exists (select 1 from account where account.id = account_id))
  with check (exists (select 1 from account where account.id = account_id));
grant select, insert, update, delete on account_contact to emporion_portal;
grant select on account_contact to emporion_portal_read;
