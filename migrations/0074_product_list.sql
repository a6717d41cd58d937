-- The list of products is sorted by these, as any list by an index on its keys and the id.
create index product_created on product (created_at, id);
create index product_changed on product (updated_at, id);
create index product_name on product (name collate "und-x-icu", id);
create index product_code on product (code, id);
create index product_position on product (position, id);
