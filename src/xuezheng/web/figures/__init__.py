"""The pages of figures and of hypothetical policies."""
