-- Which days have messages of a conversation, and where each begins: a seek per day instead of reading the conversation.
CREATE INDEX messages_by_day ON messages(conversation, created_at, seq);
