"""A fictional city day to watch: written posts, served as feeds over real HTTP, to an office on a faster clock."""
