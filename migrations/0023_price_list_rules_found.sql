-- Under row-level security PostgreSQL uses an index on an expression only where the expression cannot leak, and coalesce is not known not
-- to: every rule of a list was read for each quote. Plain columns are found; what is about a group or about everything is read always.
drop index price_list_rule_about;
create index price_list_rule_plan on price_list_rule (price_list_id, plan_id) where plan_id is not null;
create index price_list_rule_product on price_list_rule (price_list_id, product_id) where product_id is not null;
create index price_list_rule_wide on price_list_rule (price_list_id) where plan_id is null and product_id is null;
