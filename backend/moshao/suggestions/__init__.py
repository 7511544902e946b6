"""投诉建议: what people say about the app and the work with it, and what they are answered."""
