-- Product groups in use: what a price rule is about cannot be deleted, a buyer reads of groups that are published, and the list of the back
-- office has an index for each of its sorts.
alter table price_list_rule add foreign key (group_id) references product_group;
alter table volume_discount add foreign key (group_id) references product_group;
alter table promotion_scope add foreign key (group_id) references product_group;
create index price_list_rule_group on price_list_rule (group_id) where group_id is not null;
create index volume_discount_group on volume_discount (group_id) where group_id is not null;
create index promotion_scope_group on promotion_scope (group_id) where group_id is not null;

-- Members stay readable: a price rule may be about a group that nobody sees.
drop policy portal on product_group;
create policy portal on product_group to emporion_portal, emporion_portal_read using (is_published);
drop policy portal on product_group_text;
create policy portal on product_group_text to emporion_portal, emporion_portal_read
  using (exists (select 1 from product_group where product_group.id = group_id));

create index product_group_name on product_group (name collate "und-x-icu", id);
create index product_group_position on product_group (position, id);
create index product_group_created on product_group (created_at, id);
