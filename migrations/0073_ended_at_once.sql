-- A rule that began today can be ended at once: its last day is the one before its first. What was priced with it keeps its explanation.
do $$
declare named record;
begin
  for named in
    select conrelid::regclass as "table", conname from pg_constraint
    where contype = 'c' and pg_get_constraintdef(oid) = 'CHECK ((valid_to >= valid_from))'
      and conrelid in ('conversion_rule'::regclass, 'price_list'::regclass, 'price_list_rule'::regclass, 'volume_discount'::regclass,
        'promotion'::regclass)
  loop
    execute format('alter table %s drop constraint %I', named."table", named.conname);
    execute format('alter table %s add constraint %I check (valid_to >= valid_from - 1)', named."table", named.conname);
  end loop;
end $$;
