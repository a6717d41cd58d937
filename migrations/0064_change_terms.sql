-- How much an account may owe, when it pays and by what list are a right of their own: whoever could set the limit needed no approval over
-- it. Of the roles there are, those that could let an order go over the limit anyway keep it; a key that names its rights as its role does.
update staff_role set rights = array_append(rights, 'change-terms'), version = version + 1, updated_at = now()
  where not rights @> array['change-terms']
    and (code = 'administrator' or rights @> array['manage-accounts', 'approve-over-credit']);
update api_key set rights = array_append(rights, 'change-terms')
  where rights @> array['manage-accounts', 'approve-over-credit'] and not rights @> array['change-terms']
    and exists (select 1 from app_user where app_user.id = user_id and account_id is null);
